package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.SessionListener.Admitted;
import dev.culvert.link.SessionListener.NotAdmitted;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.sim.Chop;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole handshakes over the simulated network. [LINK-10] to [LINK-24] */
class HandshakeSimTest {
    private static SimAgent agent(SimWorld world) {
        return new SimAgent(world, "edge7");
    }

    @Test
    void both_ends_learn_who_the_other_is() {
        SimWorld.play(1, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = agent(world).linked(relay);
            Session near = agent.session();
            Session far = relay.sessions.up.get(0);
            assertThat(near.dialled()).isTrue();
            assertThat(near.peerNode()).isEqualTo("relay1");
            assertThat(near.peer()).isEqualTo(relay.key.principal());
            assertThat(near.namespace()).isEqualTo("default");
            assertThat(far.dialled()).isFalse();
            assertThat(far.peerNode()).isEqualTo("edge7");
            assertThat(far.peer()).isEqualTo(agent.key.principal());
            assertThat(far.peerInstance()).isEqualTo(agent.node.instance());
            assertThat(far.attempt()).isEqualTo(1);
            assertThat(far.remoteAddress()).isEqualTo("192.0.2.7:50123");
            assertThat(agent.events).containsExactly("connecting #1", "step tcp", "step auth", "up #1");
            assertThat(relay.acceptor.sessions()).containsExactly(far);
            assertThat(agent.sessions.welcomes.get(0).getPrincipal())
                    .isEqualTo(agent.key.principal().id());
        });
    }

    /** [MUX-22] A peer that believed in more than memory gave would break the session with its first bulk. */
    @Test
    void both_ends_say_what_their_own_session_takes() {
        SimWorld.play(2, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = agent(world).linked(relay);
            assertThat(relay.sessions.hellos.get(0).getParameters())
                    .isEqualTo(PeerLimits.describe(agent.session().mux().localParameters()));
            assertThat(agent.sessions.welcomes.get(0).getParameters())
                    .isEqualTo(
                            PeerLimits.describe(relay.sessions.up.get(0).mux().localParameters()));
        });
    }

    @Test
    void takes_one_round_trip_beside_the_connect() {
        SimWorld.play(2, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = agent(world).linked(relay);
            assertThat(world.net.now()).isLessThan(Duration.ofMillis(5 + 10 + 2));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 11, 12, 13, 100})
    void works_however_the_bytes_are_cut(int bytes) {
        SimWorld.play(3, world -> {
            world.wire = world.wire.withChop(Chop.of(bytes));
            SimRelay relay = world.relay("relay1");
            SimAgent agent = agent(world).link(relay);
            world.until("the link", 100, () -> agent.up() && !relay.sessions.up.isEmpty());
        });
    }

    @Test
    void a_lost_welcome_costs_a_new_attempt_and_no_ghost() {
        SimWorld.play(4, world -> {
            SimRelay relay = world.relay("relay1");
            relay.sessions.admission = (session, hello) -> {
                if (session.attempt() == 1) {
                    relay.lastLink().lose();
                }
                return CompletableFuture.completedFuture(new Admitted(Welcome.getDefaultInstance()));
            };
            SimAgent agent = agent(world).link(relay);
            world.until("the link", 33_000, agent::up);
            assertThat(agent.session().attempt()).isEqualTo(2);
            assertThat(agent.events).contains("retry LINK_LOST");
            world.advance(30_000);
            assertThat(relay.sessions.up).hasSize(1);
            assertThat(relay.sessions.events).contains("down #1 LINK_LOST");
            assertThat(relay.acceptor.sessions()).hasSize(1);
        });
    }

    @Test
    void a_silent_peer_is_closed_at_the_deadline_and_was_never_visible() {
        SimWorld.play(5, world -> {
            SimRelay relay = world.relay("relay1");
            var link = relay.connect();
            world.advance(9_900);
            assertThat(link.acceptor().isOpen()).isTrue();
            world.advance(1_000);
            assertThat(link.acceptor().isOpen()).isFalse();
            assertThat(relay.sessions.events).isEmpty();
            assertThat(relay.claims).isEmpty();
        });
    }

    @Test
    void a_slow_check_delays_nobody_else() {
        SimWorld.play(6, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent slow = agent(world);
            byte[] slowKey = slow.key.publicKey();
            relay.sessions.admission = (session, hello) -> {
                CompletableFuture<SessionListener.Admission> answer = new CompletableFuture<>();
                long delay = session.peer().equals(Principal.ofKey(slowKey)) ? 5_000 : 0;
                world.net
                        .loop()
                        .schedule(
                                () -> answer.complete(new Admitted(Welcome.getDefaultInstance())),
                                delay,
                                TimeUnit.MILLISECONDS);
                return answer;
            };
            slow.link(relay);
            SimAgent quick = new SimAgent(world, "edge8").link(relay);
            world.until("the quick one", 100, quick::up);
            assertThat(slow.up()).isFalse();
            world.until("the slow one", 6_000, slow::up);
        });
    }

    @Test
    void an_admission_after_the_deadline_is_undone() {
        SimWorld.play(7, world -> {
            SimRelay relay = world.relay("relay1");
            CompletableFuture<SessionListener.Admission> late = new CompletableFuture<>();
            relay.sessions.admission = (session, hello) -> late;
            SimAgent agent = agent(world).link(relay);
            world.until("the refusal", 11_000, () -> agent.events.contains("retry DEADLINE"));
            agent.links.close();
            late.complete(new Admitted(Welcome.getDefaultInstance()));
            world.advance(100);
            assertThat(relay.sessions.events).containsExactly("admit #1", "down #1 LINK_LOST");
            assertThat(relay.acceptor.sessions()).isEmpty();
        });
    }

    @Test
    void a_connection_that_dies_before_the_admission_is_undone() {
        SimWorld.play(8, world -> {
            SimRelay relay = world.relay("relay1");
            CompletableFuture<SessionListener.Admission> late = new CompletableFuture<>();
            relay.sessions.admission = (session, hello) -> late;
            SimAgent agent = agent(world).link(relay);
            world.until("the admission", 100, () -> !relay.sessions.events.isEmpty());
            agent.links.close();
            world.advance(100);
            assertThat(relay.sessions.events).containsExactly("admit #1");
            late.complete(new Admitted(Welcome.getDefaultInstance()));
            world.advance(100);
            assertThat(relay.sessions.events).containsExactly("admit #1", "down #1 LINK_LOST");
        });
    }

    @Test
    void three_hundred_at_once_are_all_linked() {
        SimWorld.play(9, world -> {
            SimRelay relay = world.relay("relay1");
            List<SimAgent> agents = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                agents.add(new SimAgent(world, "edge" + i).link(relay));
            }
            world.until("all links", 1_000, () -> agents.stream().allMatch(SimAgent::up));
            assertThat(relay.acceptor.sessions()).hasSize(300);
        });
    }

    @Test
    void a_relay_with_another_key_is_an_impostor_and_the_link_is_over() {
        SimWorld.play(10, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = agent(world);
            RelayTarget expected = new RelayTarget(
                    relay.target().endpoint(), IdentityKey.generate().publicKey());
            agent.reach.put(expected, relay);
            agent.linkTo(List.of(expected));
            world.advance(20_000);
            assertThat(agent.events.get(agent.events.size() - 1)).startsWith("refused UNAUTHENTICATED: ");
            assertThat(agent.events).containsOnlyOnce("connecting #1").doesNotContain("connecting #2");
            assertThat(relay.sessions.events).isEmpty();
            assertThat(relay.claims).isEmpty();
            assertThat(agent.links.links()).isEmpty();
        });
    }

    @Test
    void a_clock_that_is_off_is_corrected_at_once() {
        SimWorld.play(11, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = agent(world);
            InstantSource wrong = InstantSource.offset(world.clock(), Duration.ofDays(-400));
            agent.context = world.context(task -> world.net.loop().execute(task), wrong);
            agent.link(relay);
            world.until("the link", 100, agent::up);
            assertThat(agent.session().attempt()).isEqualTo(2);
            assertThat(agent.retryMillis).isEmpty();
        });
    }

    @Test
    void a_refusal_that_a_person_must_mend_ends_the_link() {
        SimWorld.play(12, world -> {
            SimRelay relay = world.relay("relay1");
            relay.authenticator = claim -> new Authenticator.Refused(
                    ErrorCode.UNAUTHENTICATED,
                    "unknown join string (expected: one of this relay's; ask for a new one)");
            SimAgent agent = agent(world).link(relay);
            world.advance(60_000);
            assertThat(agent.events)
                    .containsExactly(
                            "connecting #1",
                            "step tcp",
                            "refused UNAUTHENTICATED: unknown join string (expected: one of this relay's; ask for a new one)");
            assertThat(relay.sessions.events).isEmpty();
            assertThat(relay.acceptor.sessions()).isEmpty();
            assertThat(relay.lastLink().acceptor().isOpen()).isFalse();
        });
    }

    @Test
    void a_refusal_that_passes_is_retried_no_sooner_than_it_says() {
        SimWorld.play(13, world -> {
            SimRelay relay = world.relay("relay1");
            Refusal later = Refusals.of(ErrorCode.DUPLICATE_NODE, "another process uses this key and name").toBuilder()
                    .setRetryAfterMillis(60_000)
                    .setSpreadMillis(20_000)
                    .build();
            relay.sessions.admission = (session, hello) -> CompletableFuture.completedFuture(
                    session.attempt() == 1 ? new NotAdmitted(later) : new Admitted(Welcome.getDefaultInstance()));
            SimAgent agent = agent(world).link(relay);
            world.until("the link", 90_000, agent::up);
            assertThat(agent.retryMillis).hasSize(1);
            assertThat(agent.retryMillis.get(0)).isBetween(60_000L, 80_000L);
            assertThat(relay.sessions.events).containsExactly("admit #1", "admit #2", "up #2");
        });
    }

    @Test
    void a_relay_with_too_much_work_says_busy_and_is_tried_again() {
        SimWorld.play(14, world -> {
            SimRelay relay = world.relay("relay1");
            int[] rejected = {2};
            relay.context = world.context(
                    task -> {
                        if (rejected[0]-- > 0) {
                            throw new RejectedExecutionException("full");
                        }
                        world.net.loop().execute(task);
                    },
                    world.clock());
            relay.start();
            SimAgent agent = agent(world).link(relay);
            world.until("the link", 40_000, agent::up);
            assertThat(agent.events).contains("retry BUSY");
            assertThat(agent.session().attempt()).isEqualTo(3);
        });
    }

    @Test
    void what_a_relay_says_cannot_forge_a_log_line() {
        SimWorld.play(16, world -> {
            SimRelay relay = world.relay("relay1");
            String text = "no\n2026-11-21 INFO link is up\u001b[31m\u202e" + "x".repeat(1_000);
            relay.authenticator = claim -> new Authenticator.Refused(ErrorCode.DENIED, text);
            SimAgent agent = agent(world).link(relay);
            world.advance(1_000);
            assertThat(agent.events.get(agent.events.size() - 1))
                    .startsWith("refused DENIED: no?2026-11-21 INFO link is up?[31m?x")
                    .hasSize("refused DENIED: ".length() + 500);
        });
    }

    @Test
    void a_bug_in_admission_refuses_and_leaves_nothing() {
        SimWorld.play(15, world -> {
            SimRelay relay = world.relay("relay1");
            relay.sessions.admission = (session, hello) -> {
                throw new IllegalStateException("a bug");
            };
            SimAgent agent = agent(world).link(relay);
            world.advance(1_000);
            assertThat(agent.events.get(agent.events.size() - 1)).startsWith("refused INTERNAL");
            assertThat(relay.sessions.up).isEmpty();
        });
    }

    @Test
    void closing_at_any_moment_leaves_nothing_at_either_end() {
        for (int micros = 0; micros < 25_000; micros += 700) {
            int moment = micros;
            SimWorld.play(micros, world -> {
                SimRelay relay = world.relay("relay1");
                SimAgent agent = agent(world).link(relay);
                world.net.advance(Duration.ofNanos(moment * 1_000L));
                agent.links.close();
                world.advance(1_000);
                assertThat(relay.acceptor.sessions()).isEmpty();
                assertThat(relay.sessions.down).isEqualTo(relay.sessions.admitted);
                assertThat(agent.links.links()).isEmpty();
                assertThat(agent.sessions.up).isEmpty();
            });
        }
    }
}
