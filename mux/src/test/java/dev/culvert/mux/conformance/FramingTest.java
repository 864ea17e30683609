package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Chop;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Wire;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Versions, ids, types and lengths: [MUX-1], [MUX-2], [MUX-6], [MUX-14]. */
class FramingTest {
    private static final int SEED = 1;

    @ParameterizedTest
    @EnumSource
    void the_first_frame_decides_the_profile(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 1, "hello");
            Frame ack = s.peer.next();
            assertThat(ack.version()).isEqualTo(s.version);
            assertThat(s.session.profile()).isEqualTo(profile);
            assertThat(s.app.log(0).text()).isEqualTo("hello");
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_ping_may_come_before_anything_else_and_decides_the_profile(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.ping(Frame.SYN, 77);
            assertThat(s.peer.next()).hasToString(pong(s.version, 77).toString());
            assertThat(s.session.profile()).isEqualTo(profile);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_later_frame_of_another_version_is_a_protocol_error(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 1, "hello");
            s.peer.send(Frame.data(1 - s.version, 0, 1, "more"));
            s.expectProtocolError();
            assertThat(s.app.log(0).text()).isEqualTo("hello");
            assertThat(s.app.log(0).events()).hasSize(1).first().asString().startsWith("reset");
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_acceptors_first_frame_must_have_the_diallers_version(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            s.peer.send(Frame.ping(1 - s.version, Frame.SYN, 1));
            s.expectProtocolError();
        });
    }

    static IntStream unknown_versions() {
        return IntStream.of(2, 3, 0x16, 0x7f, 0x80, 0xff);
    }

    @ParameterizedTest
    @MethodSource("unknown_versions")
    void an_unknown_version_ends_the_session(int version) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.peer.send(Frame.data(version, Frame.SYN, 1, "hello"));
            net.runUntil(s.peer::closed, java.time.Duration.ofSeconds(1), "[MUX-6] the end");
            assertThat(s.app.closed()).isEqualTo(dev.culvert.api.ErrorCode.PROTOCOL);
            assertThat(s.app.streams()).isEmpty();
        });
    }

    static java.util.stream.Stream<Arguments> broken_frames() {
        return java.util.stream.Stream.of(0, 1)
                .flatMap(v -> java.util.stream.Stream.of(
                        Arguments.of("an even id from the dialler", Frame.data(v, Frame.SYN, 2, "x")),
                        Arguments.of("an even id on a window update", Frame.windowUpdate(v, Frame.SYN, 4, 0)),
                        Arguments.of("data with id 0", Frame.data(v, 0, 0, "x")),
                        Arguments.of("SYN with id 0", Frame.data(v, Frame.SYN, 0, "x")),
                        Arguments.of("an unknown type", Frame.header(v, 4, 0, 1, 0)),
                        Arguments.of("type 255", Frame.header(v, 255, 0, 1, 0)),
                        Arguments.of("data of 4 GiB", Frame.header(v, Frame.DATA, Frame.SYN, 1, -1)),
                        Arguments.of("data of 2 GiB", Frame.header(v, Frame.DATA, Frame.SYN, 1, Integer.MIN_VALUE))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("broken_frames")
    void a_broken_frame_is_a_protocol_error(String what, Frame frame) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, frame.version() == 1 ? Profile.X : Profile.Y);
            s.peer.ping(Frame.SYN, 1);
            s.peer.next();
            s.peer.send(frame);
            s.expectProtocolError();
            for (int i = 0; i < s.app.streams().size(); i++) {
                assertThat(s.app.log(i).bytes()).as(what).isZero();
                assertThat(s.app.log(i).events())
                        .as(what)
                        .singleElement()
                        .asString()
                        .startsWith("reset");
            }
        });
    }

    @Test
    void stop_from_a_Y_peer_is_a_protocol_error() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.Y);
            s.peer.data(Frame.SYN, 1, "hello");
            s.peer.windowUpdate(Frame.STOP, 1, 3);
            s.expectProtocolError();
        });
    }

    @Test
    void a_reset_on_data_with_payload_is_a_protocol_error_in_X() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X);
            s.peer.data(Frame.SYN, 1, "hello");
            s.peer.data(Frame.RST, 1, "payload");
            s.expectProtocolError();
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_acceptors_ids_are_even(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.dialling(net, profile);
            s.peer.data(Frame.SYN, 3, "x");
            s.expectProtocolError();
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_empty_data_frame_without_flags_is_legal(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.data(Frame.SYN, 1, "a").data(0, 1, "").data(0, 1, "").data(0, 1, "b");
            s.expectAlive();
            assertThat(s.app.log(0).text()).isEqualTo("ab");
        });
    }

    @ParameterizedTest
    @EnumSource
    void our_ids_rise_by_two_from_one_or_two(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted near = Scripted.dialling(net, profile);
            Scripted far = Scripted.accepting(net, profile);
            far.peer.ping(Frame.SYN, 1).next();
            for (int i = 0; i < 3; i++) {
                near.open(StreamLog.consuming());
                far.open(StreamLog.consuming());
                net.advance(java.time.Duration.ofMillis(1));
            }
            int first = near.peer.waiting().get(0).id();
            assertThat(first & 1).isEqualTo(1);
            assertThat(near.peer.drain()).extracting(Frame::id).containsExactly(first, first + 2, first + 4);
            assertThat(far.peer.drain()).extracting(Frame::id).containsExactly(2, 4, 6);
        });
    }

    @Test
    void an_id_under_the_highest_seen_is_closed_and_not_new_in_X() {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, Profile.X);
            s.peer.data(Frame.SYN, 9, "nine");
            s.peer.data(0, 5, "late").data(0, 9, "!");
            s.expectAlive();
            assertThat(s.app.streams()).hasSize(1);
            assertThat(s.app.log(0).text()).isEqualTo("nine!");
        });
    }

    @ParameterizedTest
    @EnumSource
    void data_arrives_slice_by_slice_and_not_when_the_frame_is_whole(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.peer.leavingPings();
            s.peer.send(Frame.header(s.version, Frame.DATA, Frame.SYN, 1, Scripted.window(profile)));
            s.peer.sendBytes(s.bytes(1000));
            s.peer.drain();
            assertThat(s.app.log(0).bytes()).as("[MUX-14]").isEqualTo(1000);
            s.peer.sendBytes(s.bytes(Scripted.window(profile) - 1000));
            s.expectAlive();
            assertThat(s.app.log(0).bytes()).isEqualTo(Scripted.window(profile));
        });
    }

    @ParameterizedTest
    @EnumSource
    void frames_may_be_split_at_every_byte(Profile profile) {
        SimNet.simulate(SEED, net -> {
            for (int cut = 1; cut < 80; cut++) {
                Scripted s = Scripted.accepting(net, profile);
                s.link.wire(Wire.lan().withChop(Chop.at(cut)));
                talk(s);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void reads_may_be_of_one_byte(Profile profile) {
        SimNet.simulate(SEED, net -> {
            Scripted s = Scripted.accepting(net, profile);
            s.link.wire(Wire.lan().withChop(Chop.of(1)));
            talk(s);
        });
    }

    private static void talk(Scripted s) {
        s.peer.data(Frame.SYN, 1, "one").windowUpdate(0, 1, 100).ping(Frame.SYN, 5);
        s.peer.data(0, 1, "two").data(Frame.FIN, 1, "three");
        assertThat(s.peer.drain(java.time.Duration.ofMillis(10)))
                .extracting(Frame::toString)
                .contains(pong(s.version, 5).toString());
        assertThat(s.app.log(0).text()).isEqualTo("onetwothree");
        assertThat(s.app.log(0).events()).containsExactly("finish");
    }

    private static Frame pong(int version, int value) {
        return Frame.ping(version, Frame.ACK, value);
    }
}
