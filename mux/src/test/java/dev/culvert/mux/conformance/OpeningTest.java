package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimNet;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SYN, ACK and limits on outstanding opens: [MUX-3], [MUX-13]. */
class OpeningTest {
    private static final int SEED = 2;

    @ParameterizedTest
    @EnumSource
    void a_SYN_is_acknowledged_once_and_at_once(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.app.answer(stream -> StreamLog.stalled());
            s.peer.windowUpdate(Frame.SYN, 1, 0).data(0, 1, "a").data(0, 1, "b").windowUpdate(0, 1, 10);
            List<Frame> answers = s.peer.drain();
            assertThat(answers).filteredOn(frame -> frame.has(Frame.ACK)).hasSize(1);
            assertThat(answers.get(0).has(Frame.ACK)).isTrue();
            s.write(s.app.stream(0), 5);
            assertThat(s.peer.next().has(Frame.ACK)).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void SYN_data_and_FIN_may_come_before_the_application_has_said_a_word(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN | Frame.FIN, 1, "all at once");
            Frame first = s.peer.next();
            assertThat(first.has(Frame.ACK)).as("%s", first).isTrue();
            assertThat(first.has(Frame.FIN)).as("%s", first).isFalse();
            assertThat(s.app.log(0).text()).isEqualTo("all at once");
            assertThat(s.app.log(0).events()).containsExactly("finish");

            s.app.stream(0)
                    .write(io.netty.buffer.Unpooled.copiedBuffer("reply", java.nio.charset.StandardCharsets.UTF_8));
            s.app.stream(0).finish();
            List<Frame> reply = s.peer.drain();
            assertThat(reply).noneMatch(frame -> frame.has(Frame.ACK));
            assertThat(reply).filteredOn(frame -> frame.has(Frame.FIN)).hasSize(1);
            assertThat(reply.get(0).text()).isEqualTo("reply");
            assertThat(s.app.log(0).events()).containsExactly("finish", "closed");
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_ACK_precedes_what_the_application_writes_in_the_same_turn(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.app.answer(stream -> {
                s.write(stream, 3);
                stream.finish();
                return StreamLog.consuming();
            });
            s.peer.windowUpdate(Frame.SYN, 1, 0);
            List<Frame> answers = s.peer.drain();
            assertThat(answers.get(0).has(Frame.ACK)).as("%s", answers).isTrue();
            assertThat(answers).filteredOn(frame -> frame.has(Frame.ACK)).hasSize(1);
            assertThat(answers.get(answers.size() - 1).has(Frame.FIN))
                    .as("%s", answers)
                    .isTrue();
        });
    }

    @Test
    void a_stream_reset_on_arrival_sends_no_second_flag_to_a_Y_peer() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.app.answer(stream -> {
                stream.reset(ErrorCode.DENIED.number());
                return StreamLog.consuming();
            });
            s.peer.windowUpdate(Frame.SYN, 1, 0);
            List<Frame> answers = s.peer.drain();
            assertThat(answers).filteredOn(frame -> frame.has(Frame.RST)).hasSize(1);
            assertThat(answers).allMatch(frame -> Integer.bitCount(frame.flags()) == 1);
            assertThat(s.session.openStreams()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void SYN_leaves_with_the_first_bytes(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            MuxStream stream = s.open(StreamLog.consuming());
            s.write(stream, 10);
            Frame first = s.peer.next();
            assertThat(first.isData()).isTrue();
            assertThat(first.flags()).isEqualTo(Frame.SYN);
            assertThat(first.length()).isEqualTo(10);
        });
    }

    @ParameterizedTest
    @EnumSource
    void SYN_leaves_alone_at_the_end_of_the_turn_if_nothing_is_written(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            s.open(StreamLog.consuming());
            net.runDue();
            net.advance(java.time.Duration.ofMillis(1));
            Frame first = s.peer.next();
            assertThat(first.flags()).isEqualTo(Frame.SYN);
            assertThat(first.length()).isZero();
        });
    }

    @Test
    void open_write_and_finish_in_one_turn_are_at_most_one_flag_a_frame_in_Y() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, Profile.Y);
            MuxStream stream = s.open(StreamLog.consuming());
            s.write(stream, 10);
            stream.finish();
            List<Frame> frames = s.peer.drain();
            assertThat(frames).allMatch(frame -> Integer.bitCount(frame.flags()) <= 1, "[MUX-10]");
            assertThat(frames.get(0).has(Frame.SYN)).isTrue();
            assertThat(frames.get(frames.size() - 1).has(Frame.FIN)).isTrue();
        });
    }

    @Test
    void towards_Y_the_257th_unacknowledged_open_waits_and_any_frame_lets_it_go() {
        SimNet.simulate(SEED, net -> {
            PeerParameters many = Options.peer(Scripted.Y_WINDOW, Integer.MAX_VALUE, 1000, 65536);
            Scripted s = Scripted.dialling(net, Profile.Y, Scripted.OPTIONS, many);
            List<MuxStream> streams = openMany(s, 258);
            List<Frame> syns = s.peer.drain();
            assertThat(syns).as("[MUX-13]").hasSize(256).allMatch(frame -> frame.has(Frame.SYN));
            assertThat(streams.get(256).id()).isZero();

            s.peer.data(0, syns.get(3).id(), "data without an ACK");
            Frame next = s.peer.next();
            assertThat(next.has(Frame.SYN)).isTrue();
            assertThat(s.peer.drain()).isEmpty();
            s.peer.windowUpdate(Frame.ACK, syns.get(9).id(), 0);
            assertThat(s.peer.next().has(Frame.SYN)).isTrue();
            assertThat(streams.get(257).id()).isNotZero();
        });
    }

    @Test
    void towards_Y_the_257th_open_stream_waits_for_the_end_of_another_although_all_are_acknowledged() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, Profile.Y);
            List<MuxStream> streams = openMany(s, 257);
            List<Frame> syns = s.peer.drain();
            assertThat(syns).hasSize(256);
            syns.forEach(syn -> s.peer.windowUpdate(Frame.ACK, syn.id(), 0));
            assertThat(s.peer.drain()).isEmpty();

            streams.get(0).finish();
            assertThat(s.peer.next().has(Frame.FIN)).isTrue();
            s.peer.windowUpdate(Frame.FIN, syns.get(0).id(), 0);
            assertThat(s.peer.next().has(Frame.SYN))
                    .as("256 half-closed, the 257th opens")
                    .isTrue();
        });
    }

    @Test
    void what_is_written_and_finished_while_the_open_waits_leaves_when_it_may() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, Profile.Y);
            openMany(s, 256);
            MuxStream waiting = s.open(StreamLog.consuming());
            s.write(waiting, 100);
            waiting.finish();
            List<Frame> syns = s.peer.drain();
            s.peer.windowUpdate(Frame.RST, syns.get(0).id(), 0);
            List<Frame> late = s.peer.drain();
            assertThat(late.stream()
                            .filter(Frame::isData)
                            .mapToInt(Frame::length)
                            .sum())
                    .isEqualTo(100);
            assertThat(late.get(late.size() - 1).has(Frame.FIN)).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_open_that_is_given_up_while_it_waits_is_never_sent(Profile profile) {
        SimNet.simulate(SEED, net -> {
            PeerParameters one = Options.peer(Scripted.window(profile), Scripted.SESSION_WINDOW, 1, 65536);
            Scripted s = Scripted.dialling(net, profile, Scripted.OPTIONS, one);
            MuxStream first = s.open(StreamLog.consuming());
            MuxStream waiting = s.open(StreamLog.consuming());
            s.write(waiting, 100);
            s.peer.drain();
            waiting.reset(ErrorCode.CANCELLED.number());
            first.reset(0);
            assertThat(s.peer.drain())
                    .filteredOn(frame -> !frame.has(Frame.RST))
                    .isEmpty();
            assertThat(s.session.openStreams()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void opens_beyond_those_that_may_wait_are_refused_BUSY(Profile profile) {
        SimNet.simulate(SEED, net -> {
            PeerParameters one = Options.peer(Scripted.window(profile), Scripted.SESSION_WINDOW, 1, 65536);
            Scripted s = Scripted.dialling(net, profile, Options.pendingOpens(3), one);
            openMany(s, 4);
            Assertions.assertThatExceptionOfType(MuxException.class)
                    .isThrownBy(() -> s.open(StreamLog.consuming()))
                    .satisfies(busy -> assertThat(busy.code()).isEqualTo(ErrorCode.BUSY));
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_beyond_its_limit_is_refused_stream_by_stream(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile, Options.inbound(10));
            for (int i = 0; i < 12; i++) {
                s.peer.windowUpdate(Frame.SYN, 2 * i + 3, 0);
            }
            List<Frame> answers = s.peer.drain();
            int expectedCode = profile == Profile.X ? ErrorCode.BUSY.number() : 0;
            assertThat(answers)
                    .filteredOn(frame -> frame.has(Frame.ACK) && !frame.has(Frame.RST))
                    .hasSize(10);
            assertThat(answers)
                    .filteredOn(frame -> frame.has(Frame.RST))
                    .hasSize(2)
                    .allMatch(frame -> frame.length() == expectedCode, "[MUX-13] code " + expectedCode);
            assertThat(s.app.streams()).hasSize(10);
            s.expectAlive();
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_ended_stream_makes_room_for_another(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile, Options.inbound(1));
            for (int i = 0; i < 5; i++) {
                int id = 2 * i + 3;
                s.peer.data(Frame.SYN | Frame.FIN, id, "x");
                s.peer.drain();
                s.app.stream(i).finish();
                assertThat(s.peer.drain()).noneMatch(frame -> frame.has(Frame.RST));
            }
            assertThat(s.session.openStreams()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void opens_and_resets_in_a_storm_leave_nothing_behind(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile, Options.inbound(100));
            for (int i = 0; i < Scale.of(2_000, 100_000); i++) {
                s.peer.data(Frame.SYN, 2 * i + 3, "x").windowUpdate(Frame.RST, 2 * i + 3, 0);
                if (i % 50 == 0) {
                    s.peer.drain();
                }
            }
            s.expectAlive();
            assertThat(s.session.openStreams()).isZero();
        });
    }

    private static List<MuxStream> openMany(Scripted s, int count) throws MuxException {
        List<MuxStream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            streams.add(s.open(StreamLog.consuming()));
        }
        return streams;
    }
}
