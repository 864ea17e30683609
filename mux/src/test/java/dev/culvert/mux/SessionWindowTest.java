package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** [MUX-5] [MUX-21] [MUX-22] */
class SessionWindowTest {
    private static final int SIZE = 64 * 1024;

    @Test
    void an_extended_peer_is_held_to_it() throws ProtocolViolation {
        SessionWindow window = bound(new MemoryBudget(SIZE, 1));
        window.receive(SIZE);
        assertThatThrownBy(() -> window.receive(1)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void stalled_streams_make_it_grow_while_there_is_room() throws ProtocolViolation {
        MemoryBudget budget = new MemoryBudget(1 << 20, 4);
        SessionWindow window = bound(budget);
        window.receive(SIZE);
        assertThat(window.size()).isEqualTo(2 * SIZE);
        assertThat(budget.heldBytes()).isEqualTo(2 * SIZE);
        window.discard(SIZE);
        assertThat(window.grant()).isEqualTo(2 * SIZE);
    }

    @Test
    void without_room_it_becomes_scarce_at_a_quarter() throws ProtocolViolation {
        SessionWindow window = bound(new MemoryBudget(SIZE, 1));
        window.receive(SIZE / 4 * 3);
        assertThat(window.isScarce()).isFalse();
        window.receive(1);
        assertThat(window.isScarce()).isTrue();
        assertThat(window.neededForHalf()).isEqualTo(SIZE / 4 + 1);
    }

    @Test
    void a_plain_peer_can_pass_it_and_is_seen_to() throws ProtocolViolation {
        SessionWindow window = new SessionWindow(new MemoryBudget(SIZE, 1), SIZE, SIZE);
        window.receive(3 * SIZE);
        assertThat(window.free()).isNegative();
        assertThat(window.isUpdateDue()).isFalse();
        window.discard(3 * SIZE);
        assertThat(window.free()).isEqualTo(SIZE);
    }

    @Test
    void gives_back_to_the_process_what_it_took_and_only_once() throws ProtocolViolation {
        MemoryBudget budget = new MemoryBudget(1 << 20, 4);
        SessionWindow window = bound(budget);
        window.receive(SIZE);
        window.release();
        window.release();
        assertThat(budget.heldBytes()).isZero();
    }

    private static SessionWindow bound(MemoryBudget budget) {
        SessionWindow window = new SessionWindow(budget, SIZE, 16 << 20);
        window.bind();
        return window;
    }

    @Test
    void grows_step_by_step_until_half_is_free() throws ProtocolViolation {
        SessionWindow window = new SessionWindow(new MemoryBudget(1 << 20, 1), SIZE, 16 << 20);
        window.receive(3 * SIZE);
        assertThat(window.size()).isEqualTo(8 * SIZE);
    }

    @Test
    void grows_no_further_than_its_own_bound() throws ProtocolViolation {
        SessionWindow window = new SessionWindow(new MemoryBudget(1 << 20, 1), SIZE, 3 * SIZE);
        window.receive(3 * SIZE);
        assertThat(window.size()).isEqualTo(3 * SIZE);
    }

    @Test
    void tells_the_peer_of_more_when_an_eighth_is_owed() throws ProtocolViolation {
        SessionWindow window = bound(new MemoryBudget(SIZE, 1));
        window.receive(SIZE / 2);
        window.discard(SIZE / 8 - 1);
        assertThat(window.isUpdateDue()).isFalse();
        window.discard(1);
        assertThat(window.isUpdateDue()).isTrue();
    }
}
