package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Chop;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import dev.culvert.mux.sim.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows that follow the line, and keep-alive under load: [MUX-18], [MUX-20]. */
class WindowTest {
    private static final long RATE = 50_000_000;
    private static final MuxOptions ALIVE =
            Options.keepAlive(Options.quiet(), Duration.ofSeconds(10).toNanos());

    /** After a start of a few seconds one stream must use the line, whatever the round trip. */
    @ParameterizedTest
    @ValueSource(ints = {50, 100, 200})
    void a_window_grows_until_one_stream_fills_the_line(int roundTripMillis) {
        SimNet.simulate(31, net -> {
            Pair pair = Pair.of(net, Profile.X, Wire.wan(Duration.ofMillis(roundTripMillis), RATE), ALIVE);
            Traffic reader = new Traffic(net, new Payload(1));
            pair.farApp.answer(stream -> reader);
            pair.send(1, 1L << 40);
            net.advance(Duration.ofMillis(roundTripMillis * 30L));
            long before = reader.received();
            net.advance(Duration.ofSeconds(2));
            double perSecond = (reader.received() - before) / 2.0;
            assertThat(perSecond / RATE)
                    .as("[MUX-20] share of the line at %s ms", roundTripMillis)
                    .isGreaterThan(0.9);
        });
    }

    /** What a window may grow to is bounded by twice what fits on the line. */
    @ParameterizedTest
    @ValueSource(ints = {50, 200})
    void a_window_grows_no_further_than_the_line_needs(int roundTripMillis) {
        SimNet.simulate(32, net -> {
            Pair pair = Pair.of(net, Profile.X, Wire.wan(Duration.ofMillis(roundTripMillis), RATE), ALIVE);
            Traffic reader = new Traffic(net, new Payload(1));
            pair.farApp.answer(stream -> reader);
            pair.send(1, 1L << 40);
            net.advance(Duration.ofSeconds(8));
            int id = pair.farApp.stream(0).id();
            long onTheLine = RATE * roundTripMillis / 1000;
            assertThat(pair.farAudit.streamGrant(id))
                    .as("[MUX-20] credit outstanding")
                    .isLessThanOrEqualTo(5 * onTheLine);
        });
    }

    @Test
    void a_new_stream_starts_small_again() {
        SimNet.simulate(33, net -> {
            Pair pair = Pair.of(net, Profile.X, Wire.wan(Duration.ofMillis(100), RATE));
            Traffic first = new Traffic(net, new Payload(1));
            pair.farApp.answer(stream -> first);
            pair.send(1, 100 << 20);
            net.runUntil(first::finishSeen, Duration.ofMinutes(1), "the first stream");
            Traffic second = new Traffic(net, new Payload(2)).notReading();
            pair.farApp.answer(stream -> second);
            pair.send(2, 10 << 20);
            net.advance(Duration.ofSeconds(1));
            assertThat(second.received()).isEqualTo(Options.quiet().initialWindow());
        });
    }

    /** Full buffers on a slow line: 10 s of queue must not look like death. */
    @ParameterizedTest
    @EnumSource
    void no_false_death_at_200_KB_per_second_with_full_buffers(Profile profile) {
        SimNet.simulate(34, net -> {
            Wire slow = new Wire(50_000_000, 200_000, 2 << 20, Chop.whole());
            Pair pair = Pair.of(net, profile, slow, ALIVE);
            Traffic[] far = new Traffic[8];
            int[] next = new int[1];
            pair.farApp.answer(stream -> {
                Traffic traffic = new Traffic(net, new Payload(1));
                traffic.write(stream, new Payload(2), 1L << 40);
                far[next[0]++] = traffic;
                return traffic;
            });
            for (int i = 0; i < far.length; i++) {
                Traffic near = new Traffic(net, new Payload(2));
                near.write(pair.near.open(near), new Payload(1), 1L << 40);
            }
            net.advance(Duration.ofMinutes(Scale.of(5, 60)));
            assertThat(pair.nearApp.closed()).isNull();
            assertThat(pair.farApp.closed()).isNull();
            assertThat(far[0].received()).isGreaterThan(1_000_000);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_true_death_on_silent_loss_is_seen_within_25_seconds_at_both_ends(Profile profile) {
        SimNet.simulate(35, net -> {
            Pair pair = Pair.of(net, profile, Wire.wan(Duration.ofMillis(50), 1_000_000), ALIVE);
            Traffic reader = new Traffic(net, new Payload(1));
            pair.farApp.answer(stream -> reader);
            Traffic writer = pair.send(1, 1L << 40);
            net.advance(Duration.ofSeconds(7));
            pair.link.lose();
            net.advance(Duration.ofSeconds(1));
            Duration lastHeard = Duration.ofNanos(Math.min(pair.near.lastReadNanos(), pair.far.lastReadNanos()));
            net.advance(lastHeard.plusMillis(23_900).minus(net.now()));
            assertThat(pair.nearApp.closed()).as("not too early").isNull();
            assertThat(pair.farApp.closed()).as("not too early").isNull();
            Duration latest = Duration.ofNanos(Math.max(pair.near.lastReadNanos(), pair.far.lastReadNanos()));
            net.advance(latest.plusMillis(25_000).minus(net.now()));
            assertThat(pair.nearApp.closed()).as("[MUX-18] dialler").isEqualTo(ErrorCode.LINK_LOST);
            assertThat(pair.farApp.closed()).as("[MUX-18] acceptor").isEqualTo(ErrorCode.LINK_LOST);
            assertThat(writer.resetCode()).isEqualTo(ErrorCode.LINK_LOST.number());
            assertThat(reader.resetCode()).isEqualTo(ErrorCode.LINK_LOST.number());
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_idle_session_stays_alive_and_dies_when_the_path_does(Profile profile) {
        SimNet.simulate(36, net -> {
            Pair pair = Pair.of(net, profile, Wire.wan(Duration.ofMillis(50), 0), ALIVE);
            net.advance(Duration.ofHours(1));
            assertThat(pair.nearApp.closed()).isNull();
            assertThat(pair.farApp.closed()).isNull();
            pair.link.loseBack();
            net.advance(Duration.ofSeconds(40));
            assertThat(pair.nearApp.closed()).isEqualTo(ErrorCode.LINK_LOST);
        });
    }

    @Test
    void a_ping_beside_bulk_waits_no_longer_than_the_socket_buffer() {
        SimNet.simulate(37, net -> {
            Wire line = new Wire(10_000_000, 25_000_000, 64 * 1024, Chop.whole());
            Pair pair = Pair.of(net, Profile.X, line);
            pair.farApp.answer(stream -> new Traffic(net, new Payload(1)));
            for (int i = 0; i < 8; i++) {
                pair.send(1, 1L << 40);
            }
            net.advance(Duration.ofSeconds(2));
            long[] worst = new long[1];
            for (int i = 0; i < 100; i++) {
                pair.near.ping(nanos -> worst[0] = Math.max(worst[0], nanos));
                net.advance(Duration.ofMillis(50));
            }
            assertThat(Duration.ofNanos(worst[0])).isBetween(Duration.ofMillis(20), Duration.ofMillis(28));
        });
    }
}
