package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection to a service that takes what is sent only when it likes. */
final class ServiceSideTest {
    /** Bytes that the service has not taken yet. */
    private static final class Slow extends ChannelOutboundHandlerAdapter {
        private final Deque<Runnable> waiting = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            waiting.add(() -> ctx.writeAndFlush(message, promise));
        }

        void takeAll() {
            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }
        }
    }

    private final Slow slow = new Slow();
    private final EmbeddedChannel channel = new EmbeddedChannel(slow);
    private final ServiceSide side = new ServiceSide(channel, 4096);

    private void endTunnel() {
        side.stopEncoding();
        side.stopDecoding();
        side.send(Unpooled.copiedBuffer("the last words", US_ASCII));
        side.finish();
        side.leave();
    }

    @Test
    void the_end_of_a_tunnel_comes_behind_what_was_sent() {
        endTunnel();
        assertThat(channel.isOpen()).as("the service has not read it").isTrue();
        slow.takeAll();
        ByteBuf words = channel.readOutbound();
        assertThat(words.toString(US_ASCII)).isEqualTo("the last words");
        words.release();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void a_service_that_never_reads_is_not_waited_for_without_end() {
        endTunnel();
        channel.freezeTime();
        channel.advanceTimeBy(ServiceLeg.LEAVE_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        slow.takeAll();
        channel.finishAndReleaseAll();
    }
}
