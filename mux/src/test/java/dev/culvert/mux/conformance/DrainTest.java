package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimNet;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GoAway and the orderly end: [MUX-16]. */
class DrainTest {
    private static final int SEED = 6;

    @Test
    void in_X_a_drain_says_GoAway_at_once_and_ends_after_the_last_stream() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X);
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.drain();
            s.session.drain();
            assertThat(s.peer.next()).hasToString(Frame.goAway(1, 0).toString());
            net.advance(Duration.ofMinutes(5));
            assertThat(s.app.closed()).isNull();
            s.peer.data(Frame.FIN, 3, "y");
            s.app.stream(0).finish();
            net.advance(Duration.ofSeconds(1));
            assertThat(s.app.log(0).text()).isEqualTo("xy");
            assertThat(s.app.closed()).isEqualTo(ErrorCode.OK);
            assertThat(s.peer.closed()).isTrue();
        });
    }

    @Test
    void towards_Y_a_drain_says_GoAway_only_after_the_last_stream() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.drain();
            s.session.drain();
            assertThat(s.peer.drain(Duration.ofSeconds(10)))
                    .as("[MUX-16]")
                    .noneMatch(frame -> frame.type() == Frame.GO_AWAY);
            s.peer.data(Frame.FIN, 3, "y");
            s.app.stream(0).finish();
            Frame last = s.peer.nextThat(frame -> frame.type() == Frame.GO_AWAY, Duration.ofSeconds(1));
            assertThat(last.length()).isZero();
            net.advance(Duration.ofSeconds(1));
            assertThat(s.app.closed()).isEqualTo(ErrorCode.OK);
        });
    }

    @ParameterizedTest
    @EnumSource
    void while_draining_new_streams_of_the_peer_are_refused_and_old_ones_go_on(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 3, "old ");
            s.peer.drain();
            s.session.drain();
            s.peer.data(Frame.SYN, 5, "new").data(0, 3, "goes on");
            assertThat(s.peer.drain()).anyMatch(frame -> frame.id() == 5 && frame.has(Frame.RST));
            assertThat(s.app.streams()).hasSize(1);
            assertThat(s.app.log(0).text()).isEqualTo("old goes on");
        });
    }

    @ParameterizedTest
    @EnumSource
    void after_the_peers_GoAway_opens_are_refused_DRAINING_and_old_streams_go_on(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            StreamLog log = StreamLog.consuming();
            MuxStream stream = s.open(log);
            int id = s.peer.next().id();
            s.peer.windowUpdate(Frame.ACK, id, 0).send(Frame.goAway(s.version, 0));
            s.peer.drain();
            assertThat(s.app.goAways()).containsExactly(0);
            Assertions.assertThatExceptionOfType(MuxException.class)
                    .isThrownBy(() -> s.open(StreamLog.consuming()))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DRAINING));
            s.write(stream, 100);
            assertThat(EndingTest.payload(s.peer.drain())).isEqualTo(100);
            s.peer.data(Frame.FIN, id, "end");
            stream.finish();
            s.peer.drain();
            assertThat(log.events()).containsExactly("finish", "closed");
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_idle_session_drains_at_once(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            s.session.drain();
            net.advance(Duration.ofSeconds(1));
            assertThat(s.app.closed()).isEqualTo(ErrorCode.OK);
            assertThat(s.peer.waiting()).hasSize(1).allMatch(frame -> frame.type() == Frame.GO_AWAY);
            assertThat(s.peer.closed()).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_close_says_why_and_tells_every_stream(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 3, "x");
            s.peer.drain();
            s.session.close(ErrorCode.INTERNAL, "a test");
            Frame last = s.peer.nextThat(frame -> frame.type() == Frame.GO_AWAY, Duration.ofSeconds(1));
            assertThat(last.length()).isEqualTo(2);
            assertThat(s.app.log(0).events()).containsExactly("reset " + ErrorCode.LINK_LOST.number());
            net.advance(Duration.ofSeconds(1));
            assertThat(s.peer.closed()).isTrue();
            assertThat(s.app.closed()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(s.app.reason()).contains("a test");
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_closed_session_opens_nothing(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            s.link.cut();
            net.advance(Duration.ofMillis(1));
            Assertions.assertThatExceptionOfType(MuxException.class)
                    .isThrownBy(() -> s.open(StreamLog.consuming()))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LINK_LOST));
        });
    }
}
