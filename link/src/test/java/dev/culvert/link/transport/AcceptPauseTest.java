package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A port that has no descriptors left. */
class AcceptPauseTest {
    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private final EmbeddedChannel port = new EmbeddedChannel(new AcceptPause("tls://[::]:7443", wanted::get));

    @Test
    void a_port_that_cannot_accept_rests_for_a_second_and_goes_on() {
        port.freezeTime();
        port.pipeline().fireExceptionCaught(new IOException("too many open files"));
        assertThat(port.config().isAutoRead()).isFalse();
        pass(999);
        assertThat(port.config().isAutoRead()).isFalse();
        pass(1);
        assertThat(port.config().isAutoRead()).isTrue();
        port.checkException(); // nothing reached the end of the pipeline, where it would be logged with its stack
    }

    @Test
    void a_port_that_is_full_when_its_rest_is_over_stays_so() {
        port.freezeTime();
        port.pipeline().fireExceptionCaught(new IOException("too many open files"));
        wanted.set(false);
        pass(1_000);
        assertThat(port.config().isAutoRead()).isFalse();
    }

    private void pass(long millis) {
        port.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        port.runScheduledPendingTasks();
    }
}
