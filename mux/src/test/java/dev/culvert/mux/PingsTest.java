package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** [MUX-12] */
class PingsTest {
    private final Pings pings = new Pings();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FrameBatch batch = new FrameBatch(channel);

    @Test
    void answers_go_out_in_order() throws ProtocolViolation {
        for (int value = 100; value < 110; value++) {
            pings.onRequest(value);
        }
        List<Integer> expected = new ArrayList<>();
        for (int value = 100; value < 110; value++) {
            expected.add(value);
        }
        assertThat(written(0)).isEqualTo(expected);
        assertThat(pings.isDue()).isFalse();
    }

    @Test
    void answers_keep_their_order_when_requests_come_between_them() throws ProtocolViolation {
        pings.onRequest(1);
        assertThat(written(0)).containsExactly(1);
        for (int value = 2; value < 2 + 64; value++) {
            pings.onRequest(value);
        }
        assertThat(written(0)).isEqualTo(IntStream.range(2, 2 + 64).boxed().toList());
    }

    @Test
    void the_sixty_fifth_unanswered_request_is_a_violation() throws ProtocolViolation {
        for (int value = 0; value < 64; value++) {
            pings.onRequest(value);
        }
        assertThatThrownBy(() -> pings.onRequest(64)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void one_request_is_under_way_at_a_time_and_who_asks_meanwhile_waits_for_the_next() {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        pings.request(first::add);
        int value = written(1000).get(0);
        pings.request(second::add);
        assertThat(pings.isDue()).isFalse();
        pings.onAnswer(value, 1500);
        assertThat(first).containsExactly(500L);
        assertThat(second).isEmpty();
        int next = written(2000).get(0);
        pings.onAnswer(next, 2300);
        assertThat(second).containsExactly(300L);
        assertThat(pings.roundTripNanos(2300)).isEqualTo(300);
    }

    @Test
    void a_probe_asks_unless_one_is_under_way() {
        pings.probe();
        assertThat(written(0)).hasSize(1);
        pings.probe();
        assertThat(pings.isDue()).isFalse();
        pings.onAnswer(1, 10);
        assertThat(pings.isDue()).as("nobody asked for another").isFalse();
        pings.probe();
        assertThat(pings.isDue()).isTrue();
    }

    @Test
    void a_round_trip_is_stale_so_long_after_its_request_went_out() {
        pings.probe();
        written(1000);
        assertThat(pings.isStale(1499, 500)).isFalse();
        assertThat(pings.isStale(1500, 500)).isTrue();
    }

    @Test
    void an_answer_to_nothing_is_ignored() {
        pings.onAnswer(77, 10);
        assertThat(pings.roundTripNanos(10)).isEqualTo(-1);
    }

    @Test
    void whoever_waits_at_the_end_is_told() {
        List<Long> answers = new ArrayList<>();
        pings.request(answers::add);
        written(0);
        pings.request(answers::add);
        pings.fail();
        assertThat(answers).containsExactly(-1L, -1L);
    }

    private List<Integer> written(long nowNanos) {
        pings.emit(batch, Profile.Y, nowNanos);
        batch.end();
        batch.flush();
        List<Integer> values = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            while (out.isReadable()) {
                out.skipBytes(8);
                values.add(out.readInt());
            }
            out.release();
        }
        return values;
    }
}
