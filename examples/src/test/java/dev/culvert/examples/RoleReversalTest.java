package dev.culvert.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Node;
import dev.culvert.http2.DialListener;
import dev.culvert.http2.DialOptions;
import dev.culvert.http2.PrefaceListener;
import dev.culvert.http2.PrefaceOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/http2.md tells, and each step of Prog's walkthrough. */
@Timeout(60)
final class RoleReversalTest {
    @TempDir
    Path state;

    @Test
    void both_sides_call_each_other_and_do_so_again_after_one_was_started_anew() throws IOException {
        try (RoutableSide cloud = new RoutableSide(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
            InetSocketAddress address = (InetSocketAddress) cloud.address();
            for (int run = 0; run < 2; run++) {
                try (SideBehindNat edge = new SideBehindNat(address)) {
                    assertThat(edge.ask()).isEqualTo("Hello cloud, here is the routable side");
                    assertThat(cloud.ask()).isEqualTo("Hello edge, here is the side behind NAT");
                }
            }
        }
    }

    @Test
    void a_socket_is_dialled_with_a_deadline() throws IOException {
        try (PrefaceListener listener = PrefaceListener.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PrefaceOptions.DEFAULT);
                DialListener edge = DialListener.to((InetSocketAddress) listener.address(), DialOptions.DEFAULT);
                Socket far = listener.dial("", Duration.ofSeconds(2));
                Socket near = edge.accept()) {
            near.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(far.getInputStream().readNBytes(5))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("hello");
        }
    }

    @Test
    void the_same_server_and_client_run_over_a_link() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (RelayInProcess relay = new RelayInProcess(state, InstantSource.system());
                Node edge = Node.join(relay.invite());
                Node caller = Node.join(relay.invite())) {
            Server server = GrpcOverALink.serve(edge, loops);
            ManagedChannel channel = GrpcOverALink.dial(caller, edge.name(), loops);

            assertThat(Greetings.ask(channel, "caller")).isEqualTo("Hello caller, here is " + edge.name());
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            server.shutdownNow();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
