package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LoopsTest {
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The loop connects, and is held in the same turn until it was told to end. */
    @Test
    void closing_closes_the_channel_that_was_connected_in_the_last_turn() throws Exception {
        Loops loops = Loops.start("ending", 1);
        EventLoop loop = loops.next();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Bootstrap dial = new Bootstrap()
                    .group(loop)
                    .channelFactory(loops.dialling(Endpoint.parse("tcp://127.0.0.1:1")))
                    .handler(new ChannelInboundHandlerAdapter());
            loop.execute(() -> {
                dial.connect(server.getLocalSocketAddress());
                loop.execute(() -> loop.execute(this::awaitClosed));
            });
            try (Socket far = server.accept()) {
                loops.close();
                closed.countDown();

                far.setSoTimeout(10_000);
                assertThat(far.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private void awaitClosed() {
        try {
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
