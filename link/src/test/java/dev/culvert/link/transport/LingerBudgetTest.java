package dev.culvert.link.transport;

import static dev.culvert.link.transport.LingerBudget.LOOK_NANOS;
import static dev.culvert.link.transport.LingerBudget.MOST_NANOS;
import static dev.culvert.link.transport.LingerBudget.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking pays where events come soon, and costs next to nothing where they do not. */
final class LingerBudgetTest {
    private static final int LOOKS_SAVED = (int) (MOST_NANOS / LOOK_NANOS);

    /** Any origin, also one whose count of nanoseconds overflows during the test. */
    private long now = Long.MAX_VALUE - 5 * MOST_NANOS;

    private final LingerBudget budget = new LingerBudget(now);

    @Test
    void twenty_looks_in_vain_at_first_and_then_one_for_each_64_times_its_length() {
        for (int i = 0; i < LOOKS_SAVED; i++) {
            assertThat(budget.affords(now)).isTrue();
            budget.looked(LOOK_NANOS, false);
        }
        assertThat(budget.affords(now)).isFalse();

        now += SHARE * LOOK_NANOS - SHARE;
        assertThat(budget.affords(now)).isFalse();
        now += SHARE;
        assertThat(budget.affords(now)).isTrue();
        budget.looked(LOOK_NANOS, false);
        assertThat(budget.affords(now)).isFalse();
    }

    @Test
    void looks_that_find_something_soon_never_run_out_and_pay_for_some_that_do_not() {
        looksInVain(LOOKS_SAVED - 1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.affords(now)).isTrue();
            budget.looked(LOOK_NANOS / 10, true);
        }
        assertThat(looksInVain(1_000)).as("savings have an end").isEqualTo(LOOKS_SAVED);
    }

    @Test
    void an_event_that_was_there_at_once_earns_nothing() {
        looksInVain(LOOKS_SAVED - 1);
        for (int i = 0; i < 1_000 && budget.affords(now); i++) {
            budget.looked(0, true);
        }
        assertThat(looksInVain(1_000)).isEqualTo(1);
    }

    @Test
    void a_look_during_which_others_took_the_processor_for_long_is_charged_although_it_found_something() {
        assertThat(budget.affords(now)).isTrue();
        budget.looked(2 * MOST_NANOS, true);
        assertThat(budget.affords(now)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void over_time_no_more_is_spent_in_vain_than_was_saved_and_earned(long seed) {
        Random random = new Random(seed);
        long start = now;
        long vain = 0;
        long earned = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(1_000_000);
            if (budget.affords(now)) {
                boolean found = random.nextInt(10) == 0;
                long took = found ? random.nextInt((int) LOOK_NANOS) : LOOK_NANOS + random.nextInt(1_000);
                budget.looked(took, found);
                now += took;
                vain += found ? 0 : took;
                earned += found ? LOOK_NANOS - took : 0;
            }
            assertThat(vain).isLessThan(MOST_NANOS + LOOK_NANOS + earned + (now - start) / SHARE);
        }
        assertThat(vain).isPositive();
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
