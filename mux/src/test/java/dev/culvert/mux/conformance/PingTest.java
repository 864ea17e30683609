package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pings, keep-alive and what overtakes data: [MUX-12], [MUX-18], [MUX-19]. */
class PingTest {
    private static final int SEED = 5;
    private static final MuxOptions ALIVE =
            Options.keepAlive(Options.quiet(), Duration.ofSeconds(10).toNanos());

    @ParameterizedTest
    @EnumSource
    void every_ping_is_answered_in_order_with_its_value(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            int[] values = IntStream.of(7, 7, -1, 0, 123456789, 7).toArray();
            List<Frame> pings = new ArrayList<>();
            for (int value : values) {
                pings.add(Frame.ping(s.version, Frame.SYN, value));
            }
            s.peer.send(pings.toArray(new Frame[0]));
            List<Frame> pongs = s.peer.drain();
            assertThat(pongs).allMatch(frame -> frame.flags() == Frame.ACK && frame.id() == 0);
            assertThat(pongs.stream().mapToInt(Frame::length)).containsExactly(7, 7, -1, 0, 123456789, 7);
        });
    }

    @ParameterizedTest
    @EnumSource
    void more_than_64_unanswered_pings_end_the_session(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.link.wire(Wire.lan().withBuffer(2000));
            s.peer.deaf(true);
            for (int i = 0; i < 20_000 && s.app.closed() == null; i++) {
                s.peer.ping(Frame.SYN, i);
                net.advance(Duration.ofNanos(100_000));
            }
            assertThat(s.app.closed()).as("[MUX-12]").isEqualTo(ErrorCode.PROTOCOL);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_pong_that_nobody_asked_for_is_ignored(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.ping(Frame.SYN, 1).ping(Frame.ACK, 99);
            s.expectAlive();
        });
    }

    @ParameterizedTest
    @EnumSource
    void our_ping_measures_the_round_trip(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile, Wire.wan(Duration.ofMillis(80), 0));
            s.peer.leavingPings();
            List<Long> measured = new ArrayList<>();
            s.session.ping(measured::add);
            Frame ping = s.peer.nextThat(frame -> frame.type() == Frame.PING, Duration.ofSeconds(1));
            assertThat(ping.flags()).isEqualTo(Frame.SYN);
            s.peer.ping(Frame.ACK, ping.length());
            net.advance(Duration.ofMillis(50));
            assertThat(measured).containsExactly(Duration.ofMillis(80).toNanos());
            assertThat(s.session.roundTripNanos())
                    .isEqualTo(Duration.ofMillis(80).toNanos());
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_ping_that_is_pending_when_the_session_ends_learns_it(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            s.peer.leavingPings();
            List<Long> measured = new ArrayList<>();
            s.session.ping(measured::add);
            s.peer.drain();
            s.link.cut();
            net.advance(Duration.ofMillis(1));
            assertThat(measured).containsExactly(-1L);
        });
    }

    @ParameterizedTest
    @EnumSource
    void pongs_and_credit_overtake_queued_data(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(
                    net, profile, new Wire(1_000_000, 100_000, 32 * 1024, dev.culvert.mux.sim.Chop.whole()));
            MuxStream stream = s.open(StreamLog.consuming());
            s.write(stream, Scripted.window(profile));
            int id = s.peer.next().id();
            s.peer.windowUpdate(Frame.ACK, id, 1 << 20);
            s.write(stream, 1 << 20);
            s.peer.drain(Duration.ofMillis(500));
            s.peer.ping(Frame.SYN, 42);
            net.runUntil(
                    () -> s.peer.waiting().stream().anyMatch(frame -> frame.type() == Frame.PING),
                    Duration.ofSeconds(5),
                    "[MUX-19] the pong");
            int before = EndingTest.payload(s.peer.waiting());
            assertThat(before).as("bytes before the pong").isLessThan(200 * 1024);
        });
    }

    @Test
    void what_is_pending_for_a_stream_is_one_merged_update() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.app.answer(stream -> StreamLog.consuming());
            s.link.wire(Wire.lan().withBuffer(100));
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.drain();
            s.peer.deaf(true);
            for (int i = 0; i < 16; i++) {
                s.write(s.app.stream(0), 10_000);
                s.peer.data(0, 3, s.bytes(Scripted.Y_WINDOW / 32));
                net.advance(Duration.ofMillis(100));
            }
            assertThat(s.app.log(0).bytes())
                    .as("control never stops the reading")
                    .isEqualTo(1 + Scripted.Y_WINDOW / 2);
            s.peer.deaf(false);
            List<Frame> frames = s.peer.drain(Duration.ofSeconds(1));
            assertThat(frames)
                    .filteredOn(frame -> frame.type() == Frame.WINDOW_UPDATE)
                    .as("[MUX-19]")
                    .hasSizeLessThanOrEqualTo(2);
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_dialler_pings_at_its_interval_give_or_take_a_fifth(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile, ALIVE, Scripted.parameters(profile));
            s.peer.leavingPings();
            long last = net.nowNanos();
            for (int i = 0; i < 20; i++) {
                Frame ping = s.peer.nextThat(frame -> frame.type() == Frame.PING, Duration.ofSeconds(13));
                assertThat(Duration.ofNanos(net.nowNanos() - last))
                        .as("[MUX-18]")
                        .isBetween(Duration.ofMillis(i == 0 ? 0 : 7900), Duration.ofMillis(12_100));
                last = net.nowNanos();
                s.peer.ping(Frame.ACK, ping.length());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void silence_is_noticed_within_two_and_a_half_intervals_at_either_end(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted dialler = Scripted.dialling(net, profile, ALIVE, Scripted.parameters(profile));
            Scripted acceptor = Scripted.accepting(net, profile, ALIVE);
            dialler.peer.leavingPings();
            acceptor.peer.leavingPings().ping(Frame.SYN, 1);
            net.advance(Duration.ofMillis(23_900));
            assertThat(dialler.app.closed()).isNull();
            assertThat(acceptor.app.closed()).isNull();
            net.advance(Duration.ofMillis(1_099));
            assertThat(dialler.app.closed()).as("[MUX-18]").isEqualTo(ErrorCode.LINK_LOST);
            assertThat(acceptor.app.closed()).isEqualTo(ErrorCode.LINK_LOST);
        });
    }

    @ParameterizedTest
    @EnumSource
    void any_byte_keeps_the_session_alive(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile, ALIVE);
            s.peer.leavingPings();
            s.app.answer(stream -> StreamLog.stalled());
            s.peer.send(Frame.header(s.version, Frame.DATA, Frame.SYN, 3, 100));
            for (int i = 0; i < 50; i++) {
                net.advance(Duration.ofSeconds(20));
                s.peer.sendBytes((byte) i);
            }
            net.advance(Duration.ofSeconds(20));
            assertThat(s.app.closed()).isNull();
            assertThat(s.app.log(0).bytes()).isEqualTo(50);
        });
    }
}
