package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** [MUX-4] [MUX-20] */
class ReceiveWindowTest {
    private static final int SIZE = 32 * 1024;

    @Test
    void takes_exactly_the_window_and_not_one_byte_more() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        assertThat(window.receive(SIZE)).isTrue();
        assertThat(window.receive(1)).isFalse();
        assertThat(window.unread()).isEqualTo(SIZE);
    }

    @Test
    void gives_credit_back_only_for_what_was_used() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        window.receive(SIZE);
        assertThat(window.isUpdateDue()).isFalse();
        assertThat(window.consume(SIZE / 2)).isEqualTo(SIZE / 2);
        assertThat(window.isUpdateDue()).isTrue();
        assertThat(window.grant()).isEqualTo(SIZE / 2);
        assertThat(window.credit() + window.unread()).isEqualTo(SIZE);
        assertThat(window.grant()).isZero();
    }

    @Test
    void never_takes_more_back_than_is_unread() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        window.receive(10);
        assertThat(window.consume(100)).isEqualTo(10);
        assertThat(window.consume(1)).isZero();
        assertThat(window.credit() + window.owed()).isEqualTo(SIZE);
    }

    @ParameterizedTest
    @ValueSource(longs = {50_000, 100_000, 200_000})
    void doubles_each_round_trip_while_the_peer_uses_all_of_it(long rttMicros) {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        int expected = SIZE;
        for (int round = 0; round <= 6; round++) {
            pass(window, window.credit(), round * rttMicros, rttMicros);
            expected *= 2;
            assertThat(window.size()).isEqualTo(expected);
        }
    }

    @Test
    void stays_when_the_peer_sends_less_than_half_a_window_in_a_round_trip() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        for (int round = 0; round < 100; round++) {
            pass(window, SIZE / 2 - 100, round * 100_000L, 100_000);
        }
        assertThat(window.size()).isEqualTo(SIZE);
    }

    @Test
    void stays_when_the_application_drains_slowly() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        window.receive(SIZE);
        for (int tick = 0; tick < 1000; tick++) {
            window.consume(100);
            window.resize(window.wantedSize(100, 0, tick * 10_000L, 100_000));
            window.receive(window.grant());
        }
        assertThat(window.size()).isEqualTo(SIZE);
    }

    @Test
    void grows_to_twice_what_the_link_carries_in_a_round_trip_and_no_further() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        int carried = 100_000;
        for (int round = 0; round < 50; round++) {
            pass(window, Math.min(window.credit(), carried), round * 50_000L, 50_000);
        }
        assertThat(window.size()).isBetween(carried, 2 * carried + carried / 10);
    }

    @Test
    void an_unknown_round_trip_lets_nothing_grow() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        for (int round = 0; round < 50; round++) {
            pass(window, window.credit(), round * 1000L, ReceiveWindow.UNKNOWN_RTT);
        }
        assertThat(window.size()).isEqualTo(SIZE);
    }

    /** The peer sends {@code bytes}, the application uses them at once, the peer hears of it. */
    private static void pass(ReceiveWindow window, int bytes, long nowMicros, long rttMicros) {
        assertThat(window.receive(bytes)).isTrue();
        int used = window.consume(bytes);
        window.resize(window.wantedSize(used, 0, nowMicros, rttMicros));
        window.grant();
        assertThat(window.credit()).isEqualTo(window.size());
    }

    @ParameterizedTest
    @CsvSource({"32768, 16384", "262144, 131072", "524288, 131072"})
    void an_update_is_due_at_half_of_a_small_window_and_a_quarter_of_a_large_one(int size, int due) {
        ReceiveWindow window = new ReceiveWindow(size);
        window.receive(size);
        window.consume(due - 1);
        assertThat(window.isUpdateDue()).isFalse();
        window.consume(1);
        assertThat(window.isUpdateDue()).isTrue();
    }

    @Test
    void wants_twice_what_a_round_trip_has_moved_beside_what_does_not_move() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        assertThat(window.wantedSize(20_000, 0, 1_000, 100_000)).isEqualTo(SIZE);
        // 20,000 bytes in 200 ms are 10,000 in each round trip of 100 ms
        assertThat(window.wantedSize(1, 15_000, 201_000, 100_000)).isEqualTo(35_000);
    }

    @Test
    void a_round_trip_is_seen_to_its_end_before_it_counts() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        window.wantedSize(20_000, 0, 1_000, 100_000);
        assertThat(window.wantedSize(1, 0, 100_999, 100_000)).isEqualTo(SIZE);
        assertThat(window.wantedSize(1, 0, 101_000, 100_000)).isEqualTo(40_002);
    }

    @Test
    void a_clock_that_wraps_begins_a_new_round() {
        ReceiveWindow window = new ReceiveWindow(SIZE);
        window.wantedSize(20_000, 0, Integer.MAX_VALUE, 100_000);
        assertThat(window.wantedSize(1, 0, Integer.MAX_VALUE + 100_000L, 100_000))
                .isEqualTo(40_000);
        window.wantedSize(20_000, 0, Integer.MAX_VALUE + 200_000L, 100_000);
        assertThat(window.wantedSize(1, 0, Integer.MAX_VALUE, 100_000)).isEqualTo(SIZE);
    }
}
