package dev.culvert.link.transport;

import static dev.culvert.link.transport.BusyPollBudget.FINDS;
import static dev.culvert.link.transport.BusyPollBudget.LOOK_NANOS;
import static dev.culvert.link.transport.BusyPollBudget.MOST_NANOS;
import static dev.culvert.link.transport.BusyPollBudget.MOST_OWED_NANOS;
import static dev.culvert.link.transport.BusyPollBudget.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking pays where events come soon, and costs next to nothing where they do not. */
final class BusyPollBudgetTest {
    private static final int LOOKS_SAVED = (int) (MOST_NANOS / LOOK_NANOS);
    private static final long WAKE_NANOS = 60_000;

    /** Any origin, also one whose count of nanoseconds overflows during the test. */
    private long now = Long.MAX_VALUE - 5 * MOST_NANOS;

    private final BusyPollBudget budget = new BusyPollBudget(now);

    @Test
    void twenty_looks_in_vain_at_first_and_then_one_for_each_64_times_its_length() {
        assertThat(looksInVain(1_000)).isEqualTo(LOOKS_SAVED);

        now += SHARE * LOOK_NANOS - SHARE;
        assertThat(looksInVain(1_000)).isZero();
        now += SHARE;
        assertThat(looksInVain(1_000)).isEqualTo(1);
    }

    @Test
    void looks_that_find_something_in_time_never_run_out_and_32_of_them_pay_for_one_in_vain() {
        looksInVain(LOOKS_SAVED - 1);
        for (int i = 0; i < FINDS; i++) {
            assertThat(budget.affords(now)).isTrue();
            budget.looked(LOOK_NANOS, true);
        }
        assertThat(looksInVain(1_000)).isEqualTo(2);
    }

    @Test
    void savings_have_an_end() {
        for (int i = 0; i < 1_000; i++) {
            budget.looked(1, true);
        }
        now += 1_000_000 * LOOK_NANOS;
        assertThat(looksInVain(1_000)).isEqualTo(LOOKS_SAVED);
    }

    @Test
    void an_event_that_was_there_at_once_earns_nothing() {
        looksInVain(LOOKS_SAVED - 1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.affords(now)).isTrue();
            budget.looked(0, true);
        }
        assertThat(looksInVain(1_000)).isEqualTo(1);
    }

    @Test
    void a_look_during_which_others_took_the_processor_for_long_is_charged_although_it_found_something() {
        assertThat(budget.affords(now)).isTrue();
        budget.looked(2 * MOST_NANOS, true);
        assertThat(looksInVain(1_000)).isZero();
    }

    @Test
    void a_machine_that_stood_still_for_an_hour_during_a_look_looks_again_within_seconds() {
        assertThat(budget.affords(now)).isTrue();
        budget.looked(3_600_000_000_000L, false);
        assertThat(looksInVain(1_000)).isZero();
        now += SHARE * (MOST_OWED_NANOS + LOOK_NANOS);
        assertThat(looksInVain(1_000)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatever_comes_no_more_is_spent_in_vain_than_was_saved_and_a_64th_of_the_time_and_a_32nd_of_what_found(
            long seed) {
        Random random = new Random(seed);
        long start = now;
        long vain = 0;
        long finds = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(1_000_000);
            if (budget.affords(now)) {
                boolean found = random.nextInt(10) == 0;
                long took = found ? random.nextInt((int) LOOK_NANOS) : LOOK_NANOS + random.nextInt(1_000);
                budget.looked(took, found);
                now += took;
                vain += found ? 0 : took;
                finds += found ? 1 : 0;
            }
            assertThat(vain).isLessThan(MOST_NANOS + LOOK_NANOS + finds * LOOK_NANOS / FINDS + (now - start) / SHARE);
        }
        assertThat(vain).isPositive();
        assertThat(finds).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5_000_000, 20_000_000, 50_000_000})
    void two_loops_that_talk_to_each_other_and_ran_out_find_out_soon_that_both_could_look(long later) {
        Loop[] loops = {new Loop(0), new Loop(later)};
        int asker = 0;
        long time = 0;
        int exchanges = 0;
        int waits = 0;
        while (exchanges < 10_000 && time < 10_000_000_000L) {
            time += 8_000;
            long woken = loops[1 - asker].hearsAt(time);
            loops[asker].runsOut(time);
            waits = woken > time ? waits + 1 : waits;
            exchanges = woken > time ? 0 : exchanges + 1;
            time = woken;
            asker = 1 - asker;
        }
        assertThat(exchanges).as("in a row without a wake-up").isEqualTo(10_000);
        assertThat(waits).isLessThan(2_000);
    }

    /** Out of savings until {@code later}, and then asleep or looking when it is spoken to. */
    private static final class Loop {
        private final BusyPollBudget budget = new BusyPollBudget(0);
        private long idleSince;
        private boolean looks;

        Loop(long later) {
            budget.looked(MOST_NANOS + later / SHARE, false);
        }

        long hearsAt(long time) {
            long waited = time - idleSince;
            boolean found = looks && waited <= LOOK_NANOS;
            if (looks) {
                budget.looked(Math.min(waited, LOOK_NANOS), found);
            }
            return found ? time : time + WAKE_NANOS;
        }

        void runsOut(long time) {
            idleSince = time;
            looks = budget.affords(time);
        }
    }

    private int looksInVain(int most) {
        int looks = 0;
        while (looks < most && budget.affords(now)) {
            budget.looked(LOOK_NANOS, false);
            looks++;
        }
        return looks;
    }
}
