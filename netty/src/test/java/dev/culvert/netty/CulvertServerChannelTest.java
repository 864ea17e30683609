package dev.culvert.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.Stream;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CulvertServerChannelTest {
    private static final CulvertAddress WEB = CulvertAddress.of("web");

    private Roles roles;

    @BeforeEach
    void start() throws IOException {
        roles = new Roles();
    }

    @AfterEach
    void close() {
        roles.close();
    }

    private static void echoes(Stream stream) throws IOException {
        try (stream) {
            stream.output().write('x');
            assertThat(stream.input().read()).isEqualTo('x');
        }
    }

    @Test
    void offers_a_name_or_a_virtual_port_or_both() throws IOException {
        roles.server(CulvertChannelTest.Echo::new)
                .option(CulvertOption.BIND, BindOptions.DEFAULT.withPort(80))
                .bind(WEB)
                .syncUninterruptibly();
        Channel port = Roles.await(roles.server(CulvertChannelTest.Echo::new).bind(CulvertAddress.of("edge7:81")));

        echoes(roles.laptop.dial("edge7.web"));
        echoes(roles.laptop.dial("edge7:80"));
        echoes(roles.laptop.dial("edge7:81"));
        assertThat(port.localAddress()).hasToString("edge7:81");
    }

    @Test
    void a_bind_fails_with_the_reason() throws IOException {
        Roles.await(roles.server(CulvertChannelTest.Echo::new).bind(WEB));

        ChannelFuture twice = roles.server(CulvertChannelTest.Echo::new).bind(WEB);
        assertThatThrownBy(twice::syncUninterruptibly)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offered by this node already");
        assertThatThrownBy(() -> Roles.await(
                        roles.server(CulvertChannelTest.Echo::new).bind(CulvertAddress.of("elsewhere.web"))))
                .hasMessageContaining("expected: a name without a node, or with edge7");
        roles.edge.close();
        assertThatThrownBy(() ->
                        Roles.await(roles.server(CulvertChannelTest.Echo::new).bind(CulvertAddress.of("other"))))
                .isInstanceOfSatisfying(
                        RegistrationException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DRAINING));
    }

    @Test
    void a_close_withdraws_the_name_and_leaves_open_channels_alone() throws IOException {
        Channel server = Roles.await(roles.server(CulvertChannelTest.Echo::new).bind(WEB));
        Stream open = roles.laptop.dial("edge7.web");

        server.close().syncUninterruptibly();

        await().untilAsserted(() -> assertThatThrownBy(() -> roles.laptop.dial("edge7.web"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE)));
        echoes(open);
        Roles.await(roles.server(CulvertChannelTest.Echo::new).bind(WEB));
        echoes(roles.laptop.dial("edge7.web"));
    }

    @Test
    void callers_wait_while_it_does_not_accept_and_those_beyond_the_backlog_are_refused() throws IOException {
        ServerBootstrap bootstrap = roles.server(CulvertChannelTest.Echo::new)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, 2);
        Channel server = Roles.await(bootstrap.bind(WEB));
        CompletableFuture<Stream> first = dial();
        CompletableFuture<Stream> second = dial();

        await().untilAsserted(() -> assertThatThrownBy(() -> dial(Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY)));
        assertThat(first).isNotDone();
        server.read();

        echoes(first.join());
        echoes(second.join());
    }

    private CompletableFuture<Stream> dial() {
        return roles.laptop
                .dialAsync(Address.parse("edge7.web"), DialOptions.DEFAULT)
                .toCompletableFuture();
    }

    private void dial(Duration timeout) throws IOException {
        roles.laptop
                .dial(Address.parse("edge7.web"), DialOptions.DEFAULT.withTimeout(timeout))
                .close();
    }

    @Test
    void a_caller_who_went_leaves_its_place_and_those_who_wait_at_a_close_are_told() throws IOException {
        Channel server = Roles.await(roles.server(CulvertChannelTest.Echo::new)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, 1)
                .bind(WEB));
        assertThatThrownBy(() -> dial(Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE));
        CompletableFuture<Stream> waiting = new CompletableFuture<>();
        await().untilAsserted(() -> assertThatThrownBy(() -> dial(Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE)));
        dial().whenComplete((stream, failure) -> waiting.completeExceptionally(failure));

        // It waits for the answer when the place is taken; whoever comes behind is refused.
        await().untilAsserted(() -> assertThatThrownBy(() -> dial(Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY)));
        server.close().syncUninterruptibly();

        assertThatThrownBy(() -> waiting.orTimeout(20, TimeUnit.SECONDS).join())
                .hasCauseInstanceOf(DialException.class)
                .hasMessageContaining("the service ends");
    }

    @Test
    void a_caller_whose_channel_finds_no_loop_is_refused() throws IOException {
        EventLoopGroup ended = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        new ServerBootstrap()
                .group(roles.loops, ended)
                .channelFactory(CulvertServerChannel.factory(roles.edge))
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(WEB)
                .syncUninterruptibly();
        ended.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();

        assertThatThrownBy(() -> roles.laptop.dial("edge7.web"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DRAINING));
    }

    @Test
    void wants_a_node_of_ours() {
        Node strange = (Node) Proxy.newProxyInstance(
                Node.class.getClassLoader(), new Class<?>[] {Node.class}, (proxy, method, args) -> null);
        assertThatThrownBy(() -> CulvertServerChannel.factory(strange))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: one that culvert-node has started");
    }
}
