package dev.culvert.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.http2.DialListener;
import dev.culvert.http2.DialOptions;
import dev.culvert.http2.PrefaceListener;
import dev.culvert.http2.PrefaceOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/http2.md tells, and each step of Prog's walkthrough; over links {@link ServerRecipesTest} does the same. */
@Timeout(60)
final class RoleReversalTest {
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
}
