package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Backlog<Integer> backlog = new Backlog<>();

    @Test
    void keeps_order_through_a_rush_and_after_it() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 5000; i++) {
                backlog.add(i);
            }
            for (int i = 0; i < 5000; i++) {
                assertThat(backlog.poll()).isEqualTo(i);
            }
            assertThat(backlog.poll()).isNull();
            assertThat(backlog.isEmpty()).isTrue();
        }
    }

    @Test
    void entries_may_leave_from_the_middle() {
        backlog.add(1);
        backlog.add(2);
        backlog.add(3);
        backlog.remove(2);
        assertThat(backlog.snapshot()).containsExactly(1, 3);
        assertThat(backlog.last()).isEqualTo(3);
        assertThat(backlog.size()).isEqualTo(2);
    }

    @Test
    void is_empty_only_without_entries() {
        assertThat(backlog.isEmpty()).isTrue();
        backlog.add(1);
        assertThat(backlog.isEmpty()).isFalse();
    }
}
