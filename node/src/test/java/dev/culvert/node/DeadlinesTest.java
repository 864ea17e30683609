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

    @Test
    void ends_of_their_own_keep_their_order() {
        deadlines.add("first", in(50));
        pass(10);
        deadlines.add("second", in(50));
        pass(39);
        assertThat(expired).isEmpty();
        pass(1);
        assertThat(expired).containsExactly("first");
        pass(10);
        assertThat(expired).containsExactly("first", "second");
    }

    @Test
    void one_that_should_end_a_little_before_an_earlier_one_ends_with_it() {
        deadlines.add("first", in(50));
        assertThat(deadlines.add("second", in(41))).isNotNull();
        pass(49);
        assertThat(expired).isEmpty();
        pass(1);
        assertThat(expired).containsExactly("first", "second");
    }

    @Test
    void one_that_should_end_long_before_an_earlier_one_is_not_added() {
        deadlines.add("first", in(50));
        assertThat(deadlines.add("second", in(39))).isNull();
        pass(50);
        assertThat(expired).containsExactly("first");
    }

    @Test
    void one_with_less_time_than_those_that_have_left_is_in_time() {
        deadlines.add("first", in(500)).cancel();
        deadlines.add("second", in(20));
        pass(19);
        assertThat(expired).isEmpty();
        pass(1);
        assertThat(expired).containsExactly("second");
        deadlines.add("third", in(700));
        pass(699);
        assertThat(expired).containsExactly("second");
        pass(1);
        assertThat(expired).containsExactly("second", "third");
    }

    private long in(long millis) {
        return channel.eventLoop().ticker().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
