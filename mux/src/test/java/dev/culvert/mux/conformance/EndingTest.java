package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimNet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** FIN, RST and STOP: [MUX-7] to [MUX-11], [MUX-23]. */
class EndingTest {
    private static final int SEED = 3;
    private static final int CODE = 0x123;

    @ParameterizedTest
    @EnumSource
    void FIN_follows_all_data_and_is_sent_once(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            MuxStream stream = s.open(StreamLog.consuming());
            int window = Scripted.window(profile);
            s.write(stream, window + 1000);
            stream.finish();
            stream.finish();
            List<Frame> first = s.peer.drain();
            assertThat(payload(first)).isEqualTo(window);
            assertThat(first).noneMatch(frame -> frame.has(Frame.FIN));

            int id = first.get(0).id();
            s.peer.windowUpdate(Frame.ACK, id, 5000);
            List<Frame> rest = s.peer.drain();
            assertThat(payload(rest)).isEqualTo(1000);
            assertThat(rest).filteredOn(frame -> frame.has(Frame.FIN)).hasSize(1);
            assertThat(rest.get(rest.size() - 1).has(Frame.FIN)).as("[MUX-7]").isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_finished_half_leaves_the_other_open_for_ever(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            StreamLog log = StreamLog.consuming();
            MuxStream stream = s.open(log);
            stream.finish();
            int id = s.peer.next().id();
            s.peer.windowUpdate(Frame.ACK, id, 0);
            net.advance(Duration.ofHours(1));
            s.peer.data(0, id, "still here").data(Frame.FIN, id, "!");
            s.expectAlive();
            assertThat(log.text()).isEqualTo("still here!");
            assertThat(log.events()).containsExactly("finish", "closed");
            assertThat(s.session.openStreams()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_peers_finish_leaves_our_half_open(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN | Frame.FIN, 3, "request");
            s.peer.drain();
            s.write(s.app.stream(0), 1000);
            assertThat(payload(s.peer.drain())).isEqualTo(1000);
            s.app.stream(0).finish();
            List<Frame> end = s.peer.drain();
            assertThat(end).hasSize(1).allMatch(frame -> frame.has(Frame.FIN));
            assertThat(s.app.log(0).events()).containsExactly("finish", "closed");
        });
    }

    @ParameterizedTest
    @EnumSource
    void data_after_FIN_never_reaches_the_application(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN | Frame.FIN, 3, "done").data(0, 3, "zombie").data(Frame.FIN, 3, "twice");
            s.peer.drain();
            assertThat(s.app.log(0).text()).isEqualTo("done");
            assertThat(s.app.log(0).events()).startsWith("finish").doesNotHaveDuplicates();
        });
    }

    @ParameterizedTest
    @EnumSource
    void our_reset_purges_the_queue_and_is_the_last_frame(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            StreamLog log = StreamLog.consuming();
            MuxStream stream = s.open(log);
            s.write(stream, Scripted.window(profile) + 10_000);
            List<Frame> data = s.peer.drain();
            stream.reset(CODE);
            stream.reset(CODE + 1);
            List<Frame> after = s.peer.drain();
            assertThat(after).singleElement().satisfies(frame -> {
                assertThat(frame.type()).isEqualTo(Frame.WINDOW_UPDATE);
                assertThat(frame.flags()).isEqualTo(Frame.RST);
                assertThat(frame.length()).isEqualTo(profile == Profile.X ? CODE : 0);
            });
            s.peer.windowUpdate(0, data.get(0).id(), 1 << 20);
            assertThat(s.peer.drain()).as("[MUX-8] nothing follows a reset").isEmpty();
            assertThat(log.events()).as("no call after one's own reset").isEmpty();
            assertThat(stream.queued()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void what_arrives_after_our_reset_is_discarded_and_its_session_credit_given_back(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.app.answer(stream -> StreamLog.stalled());
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.drain();
            s.app.stream(0).reset(CODE);
            s.peer.drain();
            int returned = 0;
            for (int i = 0; i < 400; i++) {
                s.peer.data(0, 3, s.bytes(10_000));
                returned += sessionCredit(s.peer.drain());
            }
            s.expectAlive();
            assertThat(s.app.log(0).bytes()).isEqualTo(1);
            if (profile == Profile.X) {
                assertThat(returned).as("[MUX-11]").isGreaterThan(4_000_000 - Scripted.SESSION_WINDOW);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_peers_reset_is_told_with_its_code_and_frees_the_stream(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            StreamLog log = StreamLog.consuming();
            MuxStream stream = s.open(log);
            s.write(stream, Scripted.window(profile) + 10_000);
            int id = s.peer.next().id();
            s.peer.windowUpdate(Frame.RST, id, profile == Profile.X ? CODE : 0);
            s.peer.drain();
            assertThat(log.events()).singleElement().asString().startsWith("reset ");
            if (profile == Profile.X) {
                assertThat(log.events()).containsExactly("reset " + CODE);
            }
            assertThat(s.session.openStreams()).isZero();
            stream.write(net.alloc().buffer().writeZero(100));
            stream.finish();
            stream.reset(1);
            assertThat(s.peer.drain()).as("[MUX-8]").isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_reset_on_a_data_frame_is_a_reset(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 3, "x").data(Frame.RST, 3, "");
            s.expectAlive();
            assertThat(s.app.log(0).events()).singleElement().asString().startsWith("reset ");
        });
    }

    @ParameterizedTest
    @EnumSource
    void frames_for_streams_that_never_were_are_ignored(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 9, "x");
            s.peer.data(0, 5, "unknown").windowUpdate(0, 5, 10).windowUpdate(Frame.FIN, 7, 0);
            s.peer.windowUpdate(Frame.RST, 7, 0);
            s.peer.data(Frame.RST, 8, "").windowUpdate(0, 8, 5).data(0, 11, "x");
            s.expectAlive();
            assertThat(s.app.streams()).hasSize(1);
        });
    }

    @Test
    void a_stop_purges_the_writer_tells_it_the_code_and_is_answered_with_FIN() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, Profile.X);
            StreamLog log = StreamLog.consuming();
            MuxStream stream = s.open(log);
            s.write(stream, Scripted.X_WINDOW + 10_000);
            int id = s.peer.drain().get(0).id();
            s.peer.windowUpdate(Frame.ACK, id, 0).windowUpdate(Frame.STOP, id, CODE);
            List<Frame> answer = s.peer.drain();
            assertThat(log.events()).containsExactly("stop " + CODE);
            assertThat(payload(answer)).as("[MUX-9] purged").isZero();
            assertThat(answer).singleElement().matches(frame -> frame.flags() == Frame.FIN);

            stream.write(net.alloc().buffer().writeZero(100));
            stream.finish();
            assertThat(s.peer.drain()).as("[MUX-9] nothing more").isEmpty();
            s.peer.data(Frame.FIN, id, "the other half went on");
            s.peer.drain();
            assertThat(log.text()).isEqualTo("the other half went on");
            assertThat(log.events()).containsExactly("stop " + CODE, "finish", "closed");
        });
    }

    @Test
    void our_stop_carries_the_code_and_gives_back_at_once_what_is_in_flight() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X);
            s.app.answer(stream -> StreamLog.consuming());
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.drain();
            s.app.stream(0).stop(CODE);
            assertThat(s.peer.drain()).singleElement().satisfies(frame -> {
                assertThat(frame.flags()).isEqualTo(Frame.STOP);
                assertThat(frame.length()).isEqualTo(CODE);
            });
            int returned = 0;
            for (int i = 0; i < 200; i++) {
                s.peer.data(0, 3, s.bytes(100));
                returned += sessionCredit(s.peer.drain());
            }
            s.peer.windowUpdate(Frame.FIN, 3, 0);
            s.expectAlive();
            assertThat(s.app.log(0).text()).isEqualTo("x");
            assertThat(returned).isLessThanOrEqualTo(20_001);
            s.write(s.app.stream(0), 10);
            assertThat(payload(s.peer.drain())).as("our half goes on").isEqualTo(10);
        });
    }

    @Test
    void towards_a_Y_peer_a_stop_discards_a_window_and_then_resets() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.drain();
            s.app.stream(0).stop(CODE);
            assertThat(s.peer.drain()).noneMatch(frame -> frame.has(Frame.STOP));
            int part = Scripted.Y_WINDOW - 1000;
            s.peer.data(0, 3, s.bytes(part));
            assertThat(s.peer.drain())
                    .as("nothing before the window is used up")
                    .isEmpty();
            s.peer.data(0, 3, s.bytes(999));
            assertThat(s.peer.drain()).as("[MUX-9] in Y").singleElement().matches(frame -> frame.has(Frame.RST));
            s.expectAlive();
            assertThat(s.app.log(0).text()).isEqualTo("x");
            assertThat(s.session.openStreams()).isZero();
        });
    }

    @Test
    void a_Y_stream_whose_reader_closed_without_credit_is_reset_after_30_seconds() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.app.answer(stream -> StreamLog.consuming());
            s.peer.data(Frame.SYN, 3, "x").windowUpdate(Frame.FIN, 3, 0);
            s.peer.drain();
            s.write(s.app.stream(0), Scripted.Y_WINDOW + 1);
            assertThat(payload(s.peer.drain())).isEqualTo(Scripted.Y_WINDOW);
            assertThat(s.peer.drain(Duration.ofSeconds(29))).isEmpty();
            List<Frame> after = s.peer.drain(Duration.ofSeconds(3));
            assertThat(after).as("[MUX-23]").singleElement().matches(frame -> frame.has(Frame.RST));
            assertThat(s.app.log(0).events()).hasSize(2).last().asString().startsWith("reset ");
            assertThat(s.session.openStreams()).isZero();
        });
    }

    @Test
    void credit_in_time_keeps_a_half_closed_Y_stream_alive() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.peer.data(Frame.SYN, 3, "x").windowUpdate(Frame.FIN, 3, 0);
            s.peer.drain();
            s.write(s.app.stream(0), Scripted.Y_WINDOW + 100);
            for (int i = 0; i < 10; i++) {
                s.peer.drain(Duration.ofSeconds(20));
                s.peer.windowUpdate(0, 3, 10);
            }
            assertThat(s.peer.drain()).noneMatch(frame -> frame.has(Frame.RST));
            s.app.stream(0).finish();
            assertThat(s.peer.drain()).filteredOn(frame -> frame.has(Frame.FIN)).hasSize(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_loss_of_the_connection_ends_every_stream_with_LINK_LOST(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            StreamLog ours = StreamLog.consuming();
            s.peer.data(Frame.SYN, 3, "x").data(Frame.SYN | Frame.FIN, 5, "y");
            s.peer.drain();
            MuxStream stream = s.open(ours);
            s.write(stream, 100);
            s.peer.drain();
            s.peer.close();
            net.advance(Duration.ofMillis(1));
            String lost = "reset " + ErrorCode.LINK_LOST.number();
            assertThat(ours.events()).containsExactly(lost);
            assertThat(s.app.log(0).events()).containsExactly(lost);
            assertThat(s.app.log(1).events()).containsExactly("finish", lost);
            assertThat(s.app.closed()).isEqualTo(ErrorCode.LINK_LOST);
            assertThat(s.session.openStreams()).isZero();
        });
    }

    @Test
    void a_write_after_finish_is_a_mistake_of_the_caller() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, Profile.X);
            MuxStream stream = s.open(StreamLog.consuming());
            stream.finish();
            io.netty.buffer.ByteBuf late = net.alloc().buffer().writeZero(1);
            org.assertj.core.api.Assertions.assertThatIllegalStateException().isThrownBy(() -> stream.write(late));
            assertThat(late.refCnt()).as("consumed on every path").isZero();
        });
    }

    static int payload(List<Frame> frames) {
        return frames.stream().filter(Frame::isData).mapToInt(Frame::length).sum();
    }

    static int sessionCredit(List<Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.type() == Frame.WINDOW_UPDATE && frame.id() == 0)
                .mapToInt(Frame::length)
                .sum();
    }
}
