package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> expired = new ArrayList<>();
    private final Deadlines<String> deadlines = new Deadlines<>(channel.eventLoop(), 100, expired::add);

    DeadlinesTest() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void each_thing_expires_once_when_its_own_time_is_over() {
        deadlines.add("first");
        pass(40);
        deadlines.add("second");
        pass(59);
        assertThat(expired).isEmpty();
        pass(1);
        assertThat(expired).containsExactly("first");
        pass(40);
        assertThat(expired).containsExactly("first", "second");
        pass(1_000);
        assertThat(expired).containsExactly("first", "second");
    }

    @Test
    void what_is_cancelled_does_not_expire_wherever_it_stands() {
        Deadlines.Place<String> oldest = deadlines.add("oldest");
        deadlines.add("second");
        Deadlines.Place<String> middle = deadlines.add("middle");
        deadlines.add("fourth");
        Deadlines.Place<String> newest = deadlines.add("newest");
        oldest.cancel();
        middle.cancel();
        newest.cancel();
        newest.cancel();
        deadlines.add("last");
        pass(100);
        assertThat(expired).containsExactly("second", "fourth", "last");
        oldest.cancel();
    }

    @Test
    void a_thing_may_be_added_after_all_have_left() {
        deadlines.add("first").cancel();
        pass(50);
        deadlines.add("second");
        pass(99);
        assertThat(expired).isEmpty();
        pass(1);
        assertThat(expired).containsExactly("second");
    }

    @Test
    void what_was_forgotten_does_not_expire_and_may_still_be_cancelled() {
        Deadlines.Place<String> first = deadlines.add("first");
        deadlines.add("second");
        deadlines.clear();
        first.cancel();
        pass(1_000);
        assertThat(expired).isEmpty();
    }

    @Test
    void a_place_in_no_line_may_be_cancelled() {
        Deadlines.<String>none().cancel();
        assertThat(expired).isEmpty();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
