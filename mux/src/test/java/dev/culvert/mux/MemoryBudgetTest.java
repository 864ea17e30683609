package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** [MUX-22] */
class MemoryBudgetTest {
    private static final int MIB = 1 << 20;

    @Test
    void a_session_starts_with_a_mebibyte_or_its_share() {
        assertThat(new MemoryBudget(64L * MIB, 4).start(8 * MIB)).isEqualTo(MIB);
        assertThat(new MemoryBudget(MIB, 4).start(8 * MIB)).isEqualTo(MIB / 4);
        assertThat(new MemoryBudget(64L * MIB, 4).start(1000)).isEqualTo(1000);
    }

    @Test
    void sessions_grow_while_a_quarter_remains_for_newcomers() {
        MemoryBudget budget = new MemoryBudget(8L * MIB, 8);
        budget.start(MIB);
        assertThat(budget.grow(5 * MIB)).isTrue();
        assertThat(budget.grow(1)).isFalse();
        assertThat(budget.start(MIB)).isEqualTo(MIB);
        assertThat(budget.start(MIB)).isEqualTo(MIB);
        assertThat(budget.start(MIB)).isZero();
        assertThat(budget.heldBytes()).isEqualTo(budget.capBytes());
        budget.release(6 * MIB);
        assertThat(budget.grow(4 * MIB)).isTrue();
    }

    @Test
    void many_threads_never_pass_the_cap() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(1000L * MIB, 10);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 10_000; n++) {
                    budget.grow(MIB);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(budget.heldBytes()).isEqualTo(750L * MIB);
    }

    @Test
    void refuses_a_cap_that_holds_nothing() {
        assertThatThrownBy(() -> new MemoryBudget(0, 1)).hasMessageContaining("expected");
        assertThatThrownBy(() -> new MemoryBudget(1, 0)).hasMessageContaining("expected");
    }
}
