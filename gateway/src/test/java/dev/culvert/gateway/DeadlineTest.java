package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicInteger passed = new AtomicInteger();

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private Deadline start(int seconds, boolean asked) {
        Deadline deadline =
                new Deadline(channel.eventLoop(), Duration.ofSeconds(seconds), asked, passed::incrementAndGet);
        deadline.start(channel.eventLoop().ticker().nanoTime());
        return deadline;
    }

    private void advance(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void an_upload_may_last_as_long_as_it_goes_on_and_no_longer() {
        Deadline deadline = start(60, false);
        for (int minutes = 0; minutes < 10; minutes++) {
            advance(59);
            deadline.onProgress();
        }
        assertThat(passed).hasValue(0);
        assertThat(deadline.leftNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(60));
        advance(59);
        assertThat(passed).hasValue(0);
        advance(1);
        assertThat(passed).hasValue(1);
        assertThat(deadline.isRunning()).isFalse();
    }

    @Test
    void what_the_client_asked_for_bounds_the_upload_and_the_answer_too() {
        Deadline deadline = start(60, true);
        advance(40);
        deadline.onProgress();
        deadline.onAnswer();
        assertThat(deadline.leftNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(20));
        advance(20);
        assertThat(passed).hasValue(1);
    }

    @Test
    void an_answer_that_has_begun_may_last() {
        Deadline deadline = start(60, false);
        deadline.onAnswer();
        deadline.onProgress();
        advance(1_000);
        assertThat(passed).hasValue(0);
        assertThat(deadline.isRunning()).isFalse();
    }

    @Test
    void none_never_passes() {
        Deadline deadline = start(0, false);
        deadline.onProgress();
        advance(1_000);
        assertThat(passed).hasValue(0);
        assertThat(deadline.isRunning()).isFalse();
    }
}
