package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.Unregister;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.Principal;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay against peers that are scripts: nothing they send is visible to others, takes memory or stops the relay. [LINK-10] to [LINK-22] */
class HostilePeerTest {
    private static final int CONTROL = 1;

    private static void against(long seed, java.util.function.Consumer<Script> play) {
        SimWorld.play(seed, world -> play.accept(new Script(world, world.relay("relay1"))));
    }

    @Test
    void a_proper_script_is_welcomed() {
        against(1, script -> {
            Control heard = script.says(Script.bytes(script.hello(1))).hears(100);
            assertThat(heard.hasWelcome()).isTrue();
            assertThat(script.relay.acceptor.sessions()).hasSize(1);
        });
    }

    @Test
    void a_plain_yamux_agent_is_welcomed_and_gets_plain_limits() {
        SimWorld.play(11, world -> {
            SimRelay relay = world.relay("relay1");
            Script script = new Script(world, relay, 0);
            Control heard = script.says(Script.bytes(script.hello(1))).hears(100);
            assertThat(heard.hasWelcome()).isTrue();
            assertThat(relay.sessions.up.get(0).mux().profile()).isEqualTo(Profile.Y);
        });
    }

    @Test
    void a_plain_yamux_agent_hears_its_refusal_before_the_end() {
        SimWorld.play(12, world -> {
            SimRelay relay = world.relay("relay1");
            relay.authenticator = claim -> new Authenticator.Refused(ErrorCode.UNAUTHENTICATED, "unknown join string");
            Script script = new Script(world, relay, 0);
            Refusal refusal = script.says(Script.bytes(script.hello(1))).refusal();
            assertThat(refusal.getText()).isEqualTo("unknown join string");
        });
    }

    @Test
    void a_message_longer_than_the_limit_is_refused_at_its_length() {
        against(2, script -> {
            Refusal refusal = script.says((byte) 0x81, (byte) 0x80, (byte) 0x04).refusal();
            assertThat(ErrorCode.of(refusal.getCode())).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(refusal.getText()).isEqualTo("a message of 65537 bytes (expected: at most 65536)");
        });
    }

    @Test
    void bytes_that_are_no_message_are_refused() {
        against(3, script -> {
            Refusal refusal =
                    script.says((byte) 3, (byte) 0x0f, (byte) 0xff, (byte) 0xff).refusal();
            assertThat(ErrorCode.of(refusal.getCode())).isEqualTo(ErrorCode.PROTOCOL);
        });
    }

    @Test
    void a_first_message_other_than_hello_is_refused() {
        against(4, script -> {
            Refusal refusal = script.says(Script.bytes(Control.newBuilder()
                            .setUnregister(Unregister.newBuilder().setId(1))
                            .build()))
                    .refusal();
            assertThat(refusal.getText()).isEqualTo("UNREGISTER as the first message (expected: HELLO)");
        });
    }

    @Test
    void a_second_message_before_welcome_is_refused_and_the_admission_undone() {
        SimWorld.play(5, world -> {
            SimRelay relay = world.relay("relay1");
            Script script = new Script(world, relay);
            byte[] hello = Script.bytes(script.hello(1));
            byte[] twice = Arrays.copyOf(hello, 2 * hello.length);
            System.arraycopy(hello, 0, twice, hello.length, hello.length);
            Control heard = script.says(twice).hears(2_000);
            assertThat(heard.getRefusal().getText()).isEqualTo("HELLO before Welcome (expected: nothing)");
            assertThat(relay.acceptor.sessions()).isEmpty();
            assertThat(relay.sessions.admitted).isEqualTo(relay.sessions.down);
        });
    }

    @Test
    void a_hello_that_trickles_is_cut_at_the_deadline() {
        against(6, script -> {
            byte[] hello = Script.bytes(script.hello(1));
            script.says(hello[0]);
            for (int i = 1; i < 12; i++) {
                script.hears(900);
                script.goesOn(hello[i]);
            }
            Refusal refusal = script.refusal();
            assertThat(refusal.getText()).isEqualTo("no Hello within 10000 ms (expected: Hello first)");
        });
    }

    @Test
    void a_recorded_hello_is_of_no_use_to_another_connection() {
        SimWorld.play(7, world -> {
            SimRelay relay = world.relay("relay1");
            Script first = new Script(world, relay);
            byte[] hello = Script.bytes(first.hello(1));
            assertThat(first.says(hello).hears(100).hasWelcome()).isTrue();
            Script thief = new Script(world, relay);
            Control heard = thief.says(hello).hears(1_000);
            assertThat(ErrorCode.of(heard.getRefusal().getCode())).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(relay.acceptor.sessions()).hasSize(1);
        });
    }

    @Test
    void a_stream_opened_before_welcome_ends_the_session() {
        against(8, script -> {
            script.says(Script.bytes(script.hello(1)));
            script.raw.data(Frame.SYN, 3, "too early");
            script.hears(2_000);
            assertThat(script.raw.closed()).isTrue();
            assertThat(script.relay.acceptor.sessions()).isEmpty();
            assertThat(script.relay.sessions.admitted).isEqualTo(script.relay.sessions.down);
        });
    }

    @Test
    void unknown_control_messages_are_ignored_and_long_ones_end_the_session() {
        against(9, script -> {
            script.says(Script.bytes(script.hello(1))).hears(100);
            script.goesOn((byte) 3, (byte) 0xfa, (byte) 0x06, (byte) 0x00).hears(100);
            assertThat(script.relay.acceptor.sessions()).hasSize(1);
            assertThat(script.relay.sessions.controls).containsExactly(Control.getDefaultInstance());
            script.goesOn((byte) 0x81, (byte) 0x20).hears(100);
            assertThat(script.raw.closed()).isTrue();
            assertThat(script.relay.sessions.events).contains("down #1 TOO_LARGE");
        });
    }

    @Test
    void a_finished_control_stream_ends_the_session() {
        against(10, script -> {
            script.says(Script.bytes(script.hello(1))).hears(100);
            script.raw.data(Frame.FIN, CONTROL, new byte[0]);
            script.hears(100);
            assertThat(script.relay.sessions.events).contains("down #1 OK");
            assertThat(script.relay.acceptor.sessions()).isEmpty();
        });
    }

    @Test
    void a_credential_that_is_revoked_while_it_is_checked_lets_nobody_in() {
        SimWorld.play(13, world -> {
            SimRelay relay = world.relay("relay1");
            relay.authenticator = claim -> {
                Authenticator.Accepted accepted =
                        new Authenticator.Accepted(Principal.ofKey(claim.publicKey()), SimRelay.LEAF, Long.MAX_VALUE);
                relay.acceptor.revoke(
                        session -> session.peer().equals(accepted.principal()), ErrorCode.REVOKED, "revoked just now");
                return accepted;
            };
            Script script = new Script(world, relay);
            Refusal refusal = script.says(Script.bytes(script.hello(1))).refusal();
            assertThat(refusal.getText()).isEqualTo("revoked just now");
            assertThat(relay.sessions.admitted).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
    void mutated_conversations_never_harm_the_relay(long seed) {
        SimWorld.play(seed, world -> {
            SimRelay relay = world.relay("relay1");
            Random random = world.net.random();
            for (int round = 0; round < 40; round++) {
                Script script = new Script(world, relay);
                byte[] talk = conversation(script, round, random);
                for (int hits = random.nextInt(4); hits > 0; hits--) {
                    talk[random.nextInt(talk.length)] = (byte) random.nextInt(256);
                }
                int cut = 1 + random.nextInt(talk.length - 1);
                script.says(Arrays.copyOf(talk, cut)).hears(random.nextInt(50));
                if (!script.raw.closed()) {
                    script.goesOn(Arrays.copyOfRange(talk, cut, talk.length)).hears(random.nextInt(50));
                }
            }
            relay.links.forEach(SimLink::cut);
            world.advance(15_000);
            assertThat(relay.acceptor.sessions()).isEmpty();
            assertThat(relay.sessions.admitted).isEqualTo(relay.sessions.down);
            SimAgent agent = new SimAgent(world, "edge9").link(relay);
            world.until("a link of a good agent", 1_000, agent::up);
        });
    }

    private static byte[] conversation(Script script, int round, Random random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Script.bytes(script.hello(round)));
        for (int i = random.nextInt(3); i > 0; i--) {
            all.writeBytes(Script.bytes(Control.newBuilder()
                    .setUnregister(Unregister.newBuilder().setId(random.nextInt()))
                    .build()));
        }
        return all.toByteArray();
    }
}
