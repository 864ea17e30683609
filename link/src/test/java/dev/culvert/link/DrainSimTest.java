package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.SessionListener.Admitted;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Drain;
import dev.culvert.link.proto.Welcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Relays and agents that go in good order, over a simulated network. [LINK-24] [CTRL-5] [CTRL-6] */
final class DrainSimTest {
    /** True from the end of the drain. */
    private static AtomicBoolean ended(CompletionStage<Void> drain) {
        AtomicBoolean ended = new AtomicBoolean();
        drain.thenRun(() -> ended.set(true));
        return ended;
    }

    @Test
    void a_relay_that_drains_is_left_without_a_gap() {
        SimWorld.play(5, world -> {
            SimRelay one = world.relay("relay1");
            SimRelay two = world.relay("relay2");
            one.admitNaming(two);
            two.reachable = false;
            SimAgent agent = new SimAgent(world, "edge7").reaching(two).linked(one);
            two.reachable = true;
            Echoed echoed = Echoed.on(agent.session());
            AtomicBoolean drained = ended(one.acceptor.drain(new DrainPlan(1_000, 60_000, 1_000, List.of())));
            world.until(
                    "the new link",
                    20_000,
                    () -> agent.sessions.up.stream()
                            .anyMatch(session -> session.peerNode().equals("relay2")));
            assertThat(agent.sessions.up).hasSize(2);
            assertThat(one.sessions.up).hasSize(1);
            echoed.say("still here");
            world.until("the echo", 100, () -> echoed.text().equals("still here"));
            assertThat(drained).isFalse();
            world.advance(5_000);
            assertThat(drained).isFalse();
            echoed.finish();
            world.until("the end of the drain", 2_000, drained::get);
            world.advance(20);
            assertThat(agent.sessions.up).hasSize(1);
        });
    }

    @Test
    void a_drained_relay_refuses_newcomers_and_cuts_what_is_left_after_its_grace() {
        SimWorld.play(6, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            Echoed echoed = Echoed.on(agent.session());
            echoed.say("x");
            AtomicBoolean drained = ended(relay.acceptor.drain(new DrainPlan(500, 5_000, 500, List.of())));
            world.advance(4_900);
            assertThat(drained).isFalse();
            assertThat(agent.events).contains("retry DRAINING");
            assertThat(agent.up()).isTrue();
            world.until("the cut", 200, drained::get);
            world.advance(20);
            assertThat(echoed.resetCode).isEqualTo(ErrorCode.LINK_LOST.number());
            relay.start();
            world.until("the link to the next process", 20_000, agent::up);
        });
    }

    @Test
    void a_relay_that_takes_over_from_itself_gets_a_second_session_before_the_first_ends() {
        SimWorld.play(7, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            SessionAcceptor old = relay.acceptor;
            RecordedSessions oldSessions = relay.sessions;
            relay.sessions = new RecordedSessions();
            relay.start();
            old.drain(new DrainPlan(200, 30_000, 0, List.of()));
            world.until("the new session", 1_000, () -> relay.sessions.up.size() == 1);
            assertThat(oldSessions.up).hasSize(1);
            assertThat(relay.sessions.hellos.get(0).getLeavingList()).containsExactly(1L);
            world.until("the end of the old", 2_000, () -> oldSessions.up.isEmpty());
            world.advance(20);
            assertThat(agent.sessions.up).hasSize(1);
        });
    }

    @Test
    void a_session_that_the_relay_wants_renewed_is_replaced_by_a_fresh_one() {
        SimWorld.play(19, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            Session old = relay.sessions.up.get(0);
            old.send(Control.newBuilder()
                    .setDrain(Drain.newBuilder().setGraceMillis(3_600_000))
                    .build());
            world.until("two sessions", 100, () -> agent.sessions.up.size() == 2);
            assertThat(relay.sessions.hellos.get(1).getLeavingList()).containsExactly(1L);
            world.until("the end of the old", 2_000, () -> agent.sessions.up.size() == 1);
            assertThat(agent.session().attempt()).isEqualTo(2);
            world.advance(60_000);
            assertThat(relay.sessions.hellos).hasSize(2);
        });
    }

    @Test
    void a_session_that_comes_up_while_the_relay_drains_is_drained_too() {
        SimWorld.play(20, world -> {
            SimRelay relay = world.relay("relay1");
            CompletableFuture<SessionListener.Admission> late = new CompletableFuture<>();
            relay.sessions.admission = (session, hello) -> late;
            SimAgent agent = new SimAgent(world, "edge7").link(relay);
            world.until("the admission", 100, () -> !relay.sessions.events.isEmpty());
            AtomicBoolean drained = ended(relay.acceptor.drain(new DrainPlan(100, 3_000, 0, List.of())));
            late.complete(new Admitted(Welcome.getDefaultInstance()));
            world.until("the end of the drain", 3_200, drained::get);
            assertThat(agent.sessions.controls.get(0).hasDrain()).isTrue();
        });
    }

    @Test
    void a_draining_agent_says_so_and_connects_no_more() {
        SimWorld.play(8, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            AtomicBoolean drained = ended(agent.links.drain(new DrainPlan(100, 3_000, 0, List.of())));
            world.until("the end", 1_000, drained::get);
            assertThat(relay.sessions.controls).hasSize(1);
            assertThat(relay.sessions.controls.get(0).getDrain().getGraceMillis())
                    .isEqualTo(3_000);
            world.advance(60_000);
            assertThat(relay.sessions.hellos).hasSize(1);
            assertThat(agent.links.links()).isEmpty();
        });
    }
}
