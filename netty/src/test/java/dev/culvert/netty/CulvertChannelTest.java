package dev.culvert.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import dev.culvert.api.StreamResetException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One end is a channel, the other a blocking stream, or both are channels. */
@Timeout(60)
final class CulvertChannelTest {
    private static final CulvertAddress WEB = CulvertAddress.of("edge7.web");

    private final Recorder recorder = new Recorder();
    private Roles roles;
    private StreamListener callers;

    @BeforeEach
    void start() throws IOException {
        roles = new Roles();
    }

    @AfterEach
    void close() {
        roles.close();
    }

    /** Offers {@code web}; the test takes the callers. */
    private void bindBlocking() throws IOException {
        callers = roles.edge.bind("web");
    }

    private Stream caller() throws IOException {
        return callers.accept(Duration.ofSeconds(20));
    }

    private Channel dial() {
        return Roles.await(roles.client(recorder).connect(WEB));
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(7).nextBytes(noise);
        return noise;
    }

    @Test
    void carries_bytes_both_ways_between_two_channels() {
        roles.server(Echo::new).bind(CulvertAddress.of("web")).syncUninterruptibly();
        Channel channel = dial();
        byte[] noise = noise(8 << 20);

        channel.writeAndFlush(Unpooled.wrappedBuffer(noise)).syncUninterruptibly();

        await().until(() -> recorder.bytes().length == noise.length);
        assertThat(Arrays.equals(recorder.bytes(), noise)).isTrue();
        assertThat(channel.remoteAddress()).hasToString("edge7.web");
        channel.close().syncUninterruptibly();
        await().untilAsserted(() -> assertThat(recorder.events).containsExactly("active", "inactive"));
    }

    @Test
    void dials_a_name_that_comes_as_a_host_and_tells_the_caller_and_its_headers() throws Exception {
        BlockingQueue<CulvertChannel> accepted = new LinkedBlockingQueue<>();
        roles.server(() -> new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        accepted.add((CulvertChannel) ctx.channel());
                    }
                })
                .bind(InetSocketAddress.createUnresolved("web", 0))
                .syncUninterruptibly();
        DialOptions options = DialOptions.DEFAULT.withHeaders(Map.of("trace", "4711"));

        Roles.await(roles.client(recorder)
                .option(CulvertOption.DIAL, options)
                .disableResolver()
                .connect(InetSocketAddress.createUnresolved("EDGE7.web", 80)));

        CulvertChannel channel = accepted.poll(20, TimeUnit.SECONDS);
        assertThat(channel.headers()).containsEntry("trace", "4711");
        assertThat(channel.principal()).isNotEmpty();
        assertThat(channel.remoteAddress()).hasToString(channel.principal());
        assertThat(((CulvertAddress) channel.localAddress()).address().service())
                .isEqualTo("web");
    }

    @Test
    void writes_wait_while_the_other_end_does_not_read() throws Exception {
        bindBlocking();
        Channel channel = dial();
        Stream stream = caller();
        byte[] noise = noise(64 * 1024);
        ChannelFuture last = channel.newSucceededFuture();
        int written = 0;
        while (channel.isWritable()) {
            last = channel.writeAndFlush(Unpooled.wrappedBuffer(noise));
            ChannelFuture settled = last;
            written++;
            await().until(() -> settled.isDone() || !channel.isWritable());
        }
        assertThat(last.isDone()).isFalse();
        assertThat(written * noise.length).isLessThan(4 << 20);

        channel.eventLoop().execute(() -> last(channel));
        assertThat(stream.input().readAllBytes().length).isEqualTo(written * noise.length);
        assertThat(last.isSuccess()).isTrue();
    }

    /** Half-closes when all that was written has left. */
    private static void last(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> ((DuplexChannel) channel).shutdownOutput());
    }

    @Test
    void a_channel_that_does_not_read_holds_the_other_end_up() throws Exception {
        bindBlocking();
        Channel channel = Roles.await(
                roles.client(recorder).option(ChannelOption.AUTO_READ, false).connect(WEB));
        Stream stream = caller();
        byte[] noise = noise(8 << 20);
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(stream, noise));

        assertThat(recorder.bytes()).isEmpty();
        channel.read();
        await().until(() -> recorder.bytes().length > 0);
        assertThat(recorder.bytes().length).isLessThan(1 << 20);
        assertThat(writing).isNotDone();
        channel.config().setAutoRead(true);
        await().until(() -> recorder.bytes().length == noise.length);
        assertThat(writing).succeedsWithin(Duration.ofSeconds(10));
    }

    private static void write(Stream stream, byte[] bytes) {
        try {
            stream.output().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void each_half_closes_by_itself() throws Exception {
        bindBlocking();
        DuplexChannel channel = (DuplexChannel) Roles.await(roles.client(recorder)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .connect(WEB));
        Stream stream = caller();

        channel.writeAndFlush(Unpooled.copiedBuffer("question", UTF_8)).syncUninterruptibly();
        channel.shutdownOutput().syncUninterruptibly();
        assertThat(stream.input().readAllBytes()).asString(UTF_8).isEqualTo("question");
        assertThat(channel.isOutputShutdown()).isTrue();
        assertThat(channel.isInputShutdown()).isFalse();

        stream.output().write("answer".getBytes(UTF_8));
        stream.finish();
        await().until(channel::isShutdown);
        assertThat(recorder.bytes()).asString(UTF_8).isEqualTo("answer");
        assertThat(recorder.events)
                .containsExactly(
                        "active",
                        "ChannelOutputShutdownEvent",
                        "ChannelInputShutdownEvent",
                        "ChannelInputShutdownReadComplete");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void without_half_closure_the_end_of_the_other_half_closes_the_channel() throws Exception {
        bindBlocking();
        Channel channel = dial();
        Stream stream = caller();

        stream.output().write("last words".getBytes(UTF_8));
        stream.finish();

        channel.closeFuture().syncUninterruptibly();
        assertThat(recorder.bytes()).asString(UTF_8).isEqualTo("last words");
        assertThat(stream.input().readAllBytes()).isEmpty();
    }

    @Test
    void what_was_written_before_a_close_arrives() throws Exception {
        bindBlocking();
        Channel channel = dial();

        channel.writeAndFlush(Unpooled.copiedBuffer("goodbye", UTF_8));
        channel.close();

        assertThat(caller().input().readAllBytes()).asString(UTF_8).isEqualTo("goodbye");
    }

    @Test
    void a_reset_comes_as_an_exception_with_its_code_and_closes() throws Exception {
        bindBlocking();
        Channel channel = dial();

        caller().reset(0x107);

        channel.closeFuture().syncUninterruptibly();
        assertThat(recorder.failure)
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.number()).isEqualTo(0x107));
        assertThat(recorder.events).containsExactly("active", "failure", "inactive");
        assertThatThrownBy(() -> channel.writeAndFlush(Unpooled.copiedBuffer("too late", UTF_8))
                        .syncUninterruptibly())
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void the_other_end_learns_the_code_of_a_reset() throws Exception {
        bindBlocking();
        ((CulvertChannel) dial()).reset(0x123).syncUninterruptibly();

        assertThatThrownBy(() -> caller().input().read())
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.number()).isEqualTo(0x123));
    }

    @Test
    void a_close_that_does_not_linger_resets() throws Exception {
        bindBlocking();
        Channel channel = Roles.await(
                roles.client(recorder).option(ChannelOption.SO_LINGER, 0).connect(WEB));

        channel.close().syncUninterruptibly();

        assertThatThrownBy(() -> caller().input().read()).isInstanceOf(StreamResetException.class);
    }

    @Test
    void a_lost_link_is_a_reset() throws Exception {
        bindBlocking();
        Channel channel = dial();
        caller();

        roles.network.link("laptop", "relay1").cut();

        channel.closeFuture().syncUninterruptibly();
        assertThat(recorder.failure)
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_LOST));
    }

    @Test
    void writes_fail_and_reads_go_on_when_the_other_end_reads_no_more() throws Exception {
        bindBlocking();
        Channel channel = dial();
        Stream stream = caller();

        stream.input().close();
        await().until(((DuplexChannel) channel)::isOutputShutdown);

        assertThatThrownBy(() ->
                        channel.writeAndFlush(Unpooled.copiedBuffer("x", UTF_8)).syncUninterruptibly())
                .isInstanceOf(ClosedChannelException.class);
        stream.output().write("still here".getBytes(UTF_8));
        await().until(() -> recorder.bytes().length == 10);
    }

    @Test
    void input_that_is_shut_stops_the_other_end() throws Exception {
        bindBlocking();
        DuplexChannel channel = (DuplexChannel) dial();
        channel.shutdownInput().syncUninterruptibly();
        Stream stream = caller();

        await().untilAsserted(() ->
                assertThatThrownBy(() -> stream.output().write(1)).isInstanceOf(StreamResetException.class));
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void a_connect_fails_with_the_reason_and_the_next_step() {
        ChannelFuture connect = roles.client(recorder).connect(CulvertAddress.of("edge7.nobody"));

        assertThatThrownBy(connect::syncUninterruptibly)
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE))
                .hasMessageContaining("culvert status");
        connect.channel().closeFuture().syncUninterruptibly();
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void a_connect_to_what_is_no_name_of_ours_fails() {
        assertThatThrownBy(() -> Roles.await(roles.client(recorder).connect(new LocalAddress("x"))))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> Roles.await(roles.client(new Recorder())
                        .disableResolver()
                        .connect(InetSocketAddress.createUnresolved("a b", 80))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a b");
    }

    @Test
    void a_close_while_it_connects_cancels_the_dial() {
        DialOptions patient = DialOptions.DEFAULT.withWaitUpTo(Duration.ofMinutes(1));
        ChannelFuture connect =
                roles.client(recorder).option(CulvertOption.DIAL, patient).connect(CulvertAddress.of("edge7.nobody"));
        await().until(() -> connect.channel().isRegistered());

        connect.channel().close().syncUninterruptibly();

        assertThatThrownBy(connect::syncUninterruptibly).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void only_bytes_can_be_written() {
        roles.server(Echo::new).bind(CulvertAddress.of("web")).syncUninterruptibly();
        assertThatThrownBy(() -> dial().writeAndFlush("text").syncUninterruptibly())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("expected: ByteBuf");
    }

    @Test
    void lives_on_loops_that_know_no_sockets_and_ends_with_them() throws Exception {
        bindBlocking();
        EventLoopGroup bare = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        Channel channel = Roles.await(roles.client(recorder, bare).connect(WEB));
        Stream stream = caller();
        channel.writeAndFlush(Unpooled.copiedBuffer("x", UTF_8)).syncUninterruptibly();
        assertThat(stream.input().read()).isEqualTo('x');

        bare.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();

        assertThat(channel.isOpen()).isFalse();
        assertThat(stream.input().read()).isEqualTo(-1);
    }

    @Test
    void takes_the_options_of_sockets_and_remembers_them() {
        CulvertChannel channel = CulvertChannel.factory(roles.laptop).newChannel();
        assertThat(channel.config().setOption(ChannelOption.TCP_NODELAY, true)).isTrue();
        assertThat(channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 1234))
                .isTrue();
        assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
        assertThat(channel.config().getOption(CulvertOption.DIAL).timeout()).hasMillis(1234);
        assertThat(channel.config().getOptions()).containsKey(ChannelOption.SO_LINGER);
    }

    @Test
    void an_address_prints_what_can_be_dialled() {
        assertThat(CulvertAddress.of("edge7.web"))
                .hasToString("edge7.web")
                .isEqualTo(new CulvertAddress(Address.parse("edge7.web")));
    }

    /** Sends back what comes; reads no faster than it can write. */
    static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(((ByteBuf) message));
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
    }
}
