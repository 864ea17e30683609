package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimNet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows: [MUX-4], [MUX-5], [MUX-6], [MUX-14], [MUX-20]. */
class CreditTest {
    private static final int SEED = 4;

    @ParameterizedTest
    @EnumSource
    void a_SYN_frame_of_exactly_the_window_is_taken(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.app.answer(stream -> StreamLog.stalled());
            s.peer.data(Frame.SYN, 3, s.bytes(Scripted.window(profile)));
            s.expectAlive();
            assertThat(s.app.log(0).bytes()).isEqualTo(Scripted.window(profile));
        });
    }

    @ParameterizedTest
    @EnumSource
    void one_byte_more_than_the_window_is_a_protocol_error(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.ping(Frame.SYN, 1).next();
            s.peer.data(Frame.SYN, 3, s.bytes(Scripted.window(profile) + 1));
            s.expectProtocolError();
        });
    }

    @ParameterizedTest
    @EnumSource
    void one_byte_more_in_a_later_frame_is_a_protocol_error(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.app.answer(stream -> StreamLog.stalled());
            s.peer.data(Frame.SYN, 3, s.bytes(Scripted.window(profile) - 5)).data(0, 3, s.bytes(5));
            s.expectAlive();
            s.peer.data(0, 3, s.bytes(1));
            s.expectProtocolError();
        });
    }

    @ParameterizedTest
    @EnumSource
    void we_never_send_more_than_the_credit(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            int window = Scripted.window(profile);
            MuxStream stream = s.open(StreamLog.consuming());
            s.write(stream, 3 * window);
            List<Frame> first = s.peer.drain();
            assertThat(EndingTest.payload(first)).isEqualTo(window);
            assertThat(stream.queued()).isEqualTo(2 * window);
            int id = first.get(0).id();
            s.peer.windowUpdate(Frame.ACK, id, 0);
            assertThat(s.peer.drain()).isEmpty();
            for (int credit : new int[] {1, 1, 7, 1000, 20_000}) {
                s.peer.windowUpdate(0, id, credit);
                assertThat(EndingTest.payload(s.peer.drain())).isEqualTo(credit);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void credit_on_the_last_id_of_int_range_may_reach_but_not_pass_2_to_the_32(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.windowUpdate(0, 3, -1 - Scripted.window(profile));
            s.expectAlive();
            s.peer.windowUpdate(0, 3, 1);
            s.expectProtocolError();
        });
    }

    @Test
    void session_credit_may_not_pass_2_to_the_32() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X);
            s.peer.windowUpdate(0, 0, -1 - Scripted.SESSION_WINDOW);
            s.expectAlive();
            s.peer.windowUpdate(0, 0, 1);
            s.expectProtocolError();
        });
    }

    @Test
    void all_streams_but_the_first_share_the_session_window() {
        SimNet.simulate(SEED, net -> {
            PeerParameters small = Options.peer(32 * 1024, 48 * 1024, 100, 65536);
            Scripted s = Scripted.dialling(net, Profile.X, Scripted.OPTIONS, small);
            MuxStream control = s.session.openControl(StreamLog.consuming());
            for (int i = 0; i < 3; i++) {
                s.write(s.open(StreamLog.consuming()), 20_000);
            }
            List<Frame> first = s.peer.drain();
            assertThat(EndingTest.payload(first)).as("[MUX-5]").isEqualTo(48 * 1024);
            s.write(control, 50_000);
            List<Frame> second = s.peer.drain();
            assertThat(second).allMatch(frame -> frame.id() == 1);
            assertThat(EndingTest.payload(second)).as("stream 1 is outside").isEqualTo(50_000);
            s.peer.windowUpdate(0, 0, 60_000 - 48 * 1024);
            assertThat(EndingTest.payload(s.peer.drain())).isEqualTo(60_000 - 48 * 1024);
        });
    }

    @Test
    void more_than_the_session_window_is_a_protocol_error() {
        MuxOptions fixed =
                Options.windows(Scripted.X_WINDOW, 1 << 20, Scripted.SESSION_WINDOW, Scripted.SESSION_WINDOW);
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X, fixed);
            s.app.answer(stream -> StreamLog.stalled());
            for (int i = 0; i < 32; i++) {
                s.peer.data(Frame.SYN, 2 * i + 3, s.bytes(Scripted.X_WINDOW));
            }
            s.peer.data(Frame.SYN, 91, s.bytes(1));
            s.expectProtocolError();
        });
    }

    @Test
    void stream_one_has_64_KiB_that_the_session_window_does_not_count() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X);
            s.app.answer(stream -> StreamLog.stalled());
            s.peer.data(Frame.SYN, 1, s.bytes(64 * 1024));
            for (int i = 0; i < 32; i++) {
                s.peer.data(Frame.SYN, 2 * i + 3, s.bytes(Scripted.X_WINDOW));
            }
            s.expectAlive();
            s.peer.data(0, 1, s.bytes(1));
            s.expectProtocolError();
        });
    }

    @ParameterizedTest
    @EnumSource
    void credit_returns_when_bytes_are_used_and_not_when_they_arrive(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.app.answer(stream -> StreamLog.stalled());
            int window = Scripted.window(profile);
            s.peer.data(Frame.SYN, 3, s.bytes(window));
            assertThat(credit(s.peer.drain(Duration.ofMillis(500)), 3))
                    .as("[MUX-20]")
                    .isZero();
            s.app.stream(0).consumed(window);
            assertThat(credit(s.peer.drain(), 3)).isGreaterThanOrEqualTo(window);
        });
    }

    @Test
    void a_Y_window_never_grows() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            int outstanding = Scripted.Y_WINDOW;
            int flags = Frame.SYN;
            for (int i = 0; i < 200; i++) {
                int length = Math.min(outstanding, 65_536);
                s.peer.data(flags, 3, s.bytes(length));
                flags = 0;
                outstanding += credit(s.peer.drain(), 3) - length;
                assertThat(outstanding).isLessThanOrEqualTo(Scripted.Y_WINDOW);
            }
            assertThat(s.app.log(0).bytes()).isGreaterThan(10L * Scripted.Y_WINDOW);
        });
    }

    @Test
    void a_slow_reader_in_X_does_not_make_its_window_grow() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X);
            s.app.answer(stream -> StreamLog.stalled());
            int outstanding = Scripted.X_WINDOW;
            int flags = Frame.SYN;
            for (int i = 0; i < 100; i++) {
                if (outstanding > 0) {
                    s.peer.data(flags, 3, s.bytes(outstanding));
                    outstanding = 0;
                    flags = 0;
                }
                net.advance(Duration.ofMillis(5));
                s.app.stream(0).consumed(1000);
                outstanding += credit(s.peer.drain(), 3);
            }
            long promised = s.app.log(0).bytes() - 100_000 + outstanding;
            assertThat(promised).as("[MUX-20] used up but not drained").isLessThanOrEqualTo(Scripted.X_WINDOW);
        });
    }

    @ParameterizedTest
    @EnumSource
    void no_frame_to_the_peer_is_longer_than_it_said(Profile profile) {
        SimNet.simulate(SEED, net -> {
            PeerParameters parameters = Options.peer(Scripted.window(profile), 1 << 20, 100, 16_384);
            Scripted s = Scripted.dialling(net, profile, Scripted.OPTIONS, parameters);
            s.write(s.open(StreamLog.consuming()), 30_000);
            assertThat(s.peer.drain()).as("[MUX-14]").allMatch(frame -> frame.length() <= 16_384);
        });
    }

    static int credit(List<Frame> frames, int id) {
        return frames.stream()
                .filter(frame -> frame.type() == Frame.WINDOW_UPDATE && frame.id() == id)
                .filter(frame -> !frame.has(Frame.RST) && !frame.has(Frame.STOP))
                .mapToInt(Frame::length)
                .sum();
    }
}
