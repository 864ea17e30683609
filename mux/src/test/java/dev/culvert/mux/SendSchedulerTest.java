package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** [MUX-24] */
class SendSchedulerTest {
    private final SendScheduler<String> scheduler = new SendScheduler<>();

    @Test
    void old_streams_take_turns() {
        for (String name : List.of("a", "b", "c")) {
            scheduler.add(turn(name), null, false);
        }
        assertThat(take(7)).containsExactly("a", "b", "c", "a", "b", "c", "a");
    }

    @Test
    void a_new_stream_goes_first() {
        scheduler.add(turn("old1"), null, false);
        scheduler.add(turn("old2"), null, false);
        assertThat(take(1)).containsExactly("old1");
        scheduler.add(turn("new"), null, true);
        assertThat(scheduler.next()).isEqualTo("new");
    }

    @Test
    void streams_that_are_always_new_get_every_second_turn_only() {
        scheduler.add(turn("bulk"), null, false);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            scheduler.add(turn("spark"), null, true);
            String next = scheduler.next();
            order.add(next);
            if ("bulk".equals(next)) {
                scheduler.add(turn("bulk"), null, false);
            }
        }
        assertThat(order).filteredOn("bulk"::equals).hasSize(5);
    }

    @Test
    void parties_take_turns_before_their_streams() {
        for (int i = 0; i < 10; i++) {
            scheduler.add(turn("crowd"), "party 1", false);
        }
        scheduler.add(turn("single"), "party 2", false);
        Map<String, Integer> turns = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            String next = scheduler.next();
            turns.merge(next, 1, Integer::sum);
            scheduler.add(turn(next), next.equals("single") ? "party 2" : "party 1", false);
        }
        assertThat(turns.get("single")).isBetween(49, 51);
    }

    @Test
    void only_control_goes_on_when_all_others_are_blocked() {
        scheduler.add(turn("blocked"), null, false);
        scheduler.addControl(turn("control"));
        assertThat(scheduler.nextControl()).isEqualTo("control");
        assertThat(scheduler.nextControl()).isNull();
        assertThat(scheduler.next()).isEqualTo("blocked");
        assertThat(scheduler.next()).isNull();
    }

    @Test
    void whoever_leaves_the_line_gets_no_turn() {
        Random random = new Random(11);
        List<SendScheduler.Turn<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            SendScheduler.Turn<String> turn = turn("t" + i);
            scheduler.add(turn, i % 3 == 0 ? null : "party " + i % 7, random.nextBoolean());
            waiting.add(turn);
        }
        for (int i = 0; i < 500; i++) {
            SendScheduler.Turn<String> leaver = waiting.remove(random.nextInt(waiting.size()));
            scheduler.remove(leaver);
            assertThat(leaver.isWaiting()).isFalse();
        }
        List<String> served = new ArrayList<>();
        for (String next = scheduler.next(); next != null; next = scheduler.next()) {
            served.add(next);
        }
        assertThat(served).hasSize(500).doesNotHaveDuplicates();
        assertThat(waiting).noneMatch(SendScheduler.Turn::isWaiting);
    }

    private List<String> take(int count) {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String next = scheduler.next();
            taken.add(next);
            scheduler.add(turn(next), null, false);
        }
        return taken;
    }

    private static SendScheduler.Turn<String> turn(String name) {
        return new SendScheduler.Turn<>(name);
    }
}
