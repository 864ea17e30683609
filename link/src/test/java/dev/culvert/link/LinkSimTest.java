package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.SessionListener.Admitted;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Welcome;
import dev.culvert.link.proto.Withdrawn;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.policy.Authenticator.Accepted;
import dev.culvert.policy.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links over a simulated network that fails. [LINK-24] [LINK-25] [CTRL-1] [CTRL-5] [CTRL-6] */
class LinkSimTest {
    @Test
    void a_cut_link_is_back_within_one_back_off_and_its_attempt_has_risen() {
        SimWorld.play(1, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            world.advance(60_000);
            relay.lastLink().cut();
            world.until("the loss", 100, () -> !agent.up());
            world.until("the link again", 2_100, agent::up);
            assertThat(agent.session().attempt()).isEqualTo(2);
            assertThat(relay.sessions.hellos.get(1).getLeavingList()).isEmpty();
            assertThat(relay.acceptor.sessions()).hasSize(1);
        });
    }

    @Test
    void silent_loss_is_noticed_at_both_ends_within_25_seconds() {
        SimWorld.play(2, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            world.advance(33_000);
            relay.reachable = false;
            relay.lastLink().lose();
            world.until("the loss", 25_500, () -> !agent.up() && relay.sessions.up.isEmpty());
            assertThat(relay.sessions.events).contains("down #1 LINK_LOST");
            relay.reachable = true;
            world.until("the link again", 15_100, agent::up);
        });
    }

    @Test
    void an_unreachable_relay_is_tried_for_ever() {
        SimWorld.play(3, world -> {
            SimRelay relay = world.relay("relay1");
            relay.reachable = false;
            SimAgent agent = new SimAgent(world, "edge7").link(relay);
            world.advance(3_600_000);
            assertThat(agent.retryMillis.size()).isBetween(350, 800);
            assertThat(agent.retryMillis).allMatch(wait -> wait <= 15_000);
            relay.reachable = true;
            world.until("the link", 15_100, agent::up);
        });
    }

    @Test
    void a_storm_of_returning_agents_is_spread_over_two_seconds() {
        SimWorld.play(4, world -> {
            SimRelay relay = world.relay("relay1");
            List<SimAgent> agents = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                agents.add(new SimAgent(world, "edge" + i).link(relay));
            }
            world.until("all links", 2_000, () -> agents.stream().allMatch(SimAgent::up));
            world.advance(31_000);
            relay.crash();
            relay.start();
            world.until("all links again", 2_200, () -> agents.stream().allMatch(SimAgent::up));
            int[] quarters = new int[4];
            agents.forEach(agent -> quarters[(int) Math.min(3, agent.retryMillis.get(0) / 500)]++);
            assertThat(Arrays.stream(quarters).min().orElse(0)).isGreaterThan(12);
        });
    }

    @Test
    void a_credential_that_ends_ends_its_session_within_a_second_and_the_link_for_good() {
        SimWorld.play(9, world -> {
            SimRelay relay = world.relay("relay1");
            long end = SimWorld.START_MILLIS + 150_000;
            relay.authenticator = claim -> new Accepted(Principal.ofKey(claim.publicKey()), SimRelay.LEAF, end);
            SimAgent agent = new SimAgent(world, "edge7").link(relay);
            world.advance(149_900);
            assertThat(agent.up()).isTrue();
            world.advance(1_000);
            assertThat(agent.up()).isFalse();
            assertThat(relay.acceptor.sessions()).isEmpty();
            assertThat(agent.events.get(agent.events.size() - 1))
                    .startsWith("refused EXPIRED: the credential has expired");
        });
    }

    @Test
    void a_revoked_principal_is_gone_within_a_second_and_others_stay() {
        SimWorld.play(10, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent bad = new SimAgent(world, "edge7").link(relay);
            SimAgent good = new SimAgent(world, "edge8").link(relay);
            world.until("both links", 100, () -> bad.up() && good.up());
            relay.acceptor.revoke(
                    session -> session.peer().equals(bad.key.principal()),
                    ErrorCode.REVOKED,
                    "withdrawn by the operator");
            world.advance(1_000);
            assertThat(bad.events.get(bad.events.size() - 1)).isEqualTo("refused REVOKED: withdrawn by the operator");
            assertThat(bad.links.links()).isEmpty();
            assertThat(good.up()).isTrue();
        });
    }

    @Test
    void a_revoked_peer_that_does_not_listen_is_cut_all_the_same() {
        SimWorld.play(11, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            relay.lastLink().lose();
            relay.acceptor.revoke(session -> true, ErrorCode.REVOKED, "withdrawn");
            world.advance(1_000);
            assertThat(relay.sessions.up).isEmpty();
            assertThat(relay.acceptor.sessions()).isEmpty();
        });
    }

    @Test
    void a_fenced_session_comes_back() {
        SimWorld.play(12, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            relay.sessions.up.get(0).close(ErrorCode.FENCED, "a later session has taken over");
            world.until("the end", 100, () -> !agent.up());
            world.until("the link again", 2_100, agent::up);
            assertThat(agent.events).contains("retry FENCED");
        });
    }

    @Test
    void links_to_every_relay_of_the_join_string_side_by_side() {
        SimWorld.play(13, world -> {
            SimRelay one = world.relay("relay1");
            SimRelay two = world.relay("relay2");
            SimRelay three = world.relay("relay3");
            SimAgent agent = new SimAgent(world, "edge7").link(one, two, three);
            world.until("three links", 100, () -> agent.sessions.up.size() == 3);
            two.crash();
            world.advance(20_000);
            assertThat(agent.sessions.up).hasSize(2);
            two.start();
            world.until("three again", 15_100, () -> agent.sessions.up.size() == 3);
        });
    }

    @Test
    void a_relay_that_names_another_gets_a_second_link_beside_it() {
        SimWorld.play(14, world -> {
            SimRelay one = world.relay("relay1");
            SimRelay two = world.relay("relay2");
            SimRelay three = world.relay("relay3");
            one.admitNaming(two, three);
            SimAgent agent = new SimAgent(world, "edge7").reaching(two, three).link(one);
            world.until("two links", 200, () -> agent.sessions.up.size() == 2);
            two.crash();
            world.until("the loss", 100, () -> agent.sessions.up.size() == 1);
            world.until("a link to the third", 15_000, () -> agent.sessions.up.size() == 2);
            assertThat(three.sessions.up).hasSize(1);
        });
    }

    @Test
    void two_addresses_of_one_relay_do_not_fight() {
        SimWorld.play(15, world -> {
            SimRelay relay = world.relay("relay1");
            relay.sessions.admission = (session, hello) -> {
                relay.sessions.up.forEach(older -> older.close(ErrorCode.FENCED, "a later session has taken over"));
                return CompletableFuture.completedFuture(new Admitted(Welcome.getDefaultInstance()));
            };
            RelayTarget first = relay.target();
            RelayTarget second = new RelayTarget(new Endpoint.Tls("alias", 7443), relay.key.publicKey());
            SimAgent agent = new SimAgent(world, "edge7");
            agent.reach.put(first, relay);
            agent.reach.put(second, relay);
            agent.linkTo(List.of(first, second));
            world.advance(120_000);
            assertThat(relay.sessions.hellos.size()).isLessThanOrEqualTo(3);
            assertThat(agent.sessions.up).hasSize(1);
            relay.crash();
            relay.start();
            world.until("a link again", 20_000, agent::up);
        });
    }

    @Test
    void a_peer_that_leaves_control_unread_is_closed_after_ten_seconds() {
        SimWorld.play(16, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            SimLink link = relay.lastLink();
            link.dialler().config().setAutoRead(false);
            Session far = relay.sessions.up.get(0);
            for (int i = 0; i < 400; i++) {
                far.send(revokedLabel("x".repeat(1_000)));
            }
            world.advance(9_000);
            assertThat(relay.sessions.up).hasSize(1);
            world.advance(1_500);
            assertThat(relay.sessions.events).contains("down #1 SLOW_CONSUMER");
        });
    }

    @Test
    void a_message_over_the_limit_is_our_own_mistake() {
        SimWorld.play(17, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7").linked(relay);
            assertThatThrownBy(() -> agent.session().send(revokedLabel("x".repeat(5_000))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: at most 4096");
        });
    }

    @Test
    void a_hook_may_close_the_link_before_it_connects() {
        SimWorld.play(18, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent agent = new SimAgent(world, "edge7");
            LinkListener closing = new LinkListener() {
                @Override
                public void onConnecting(Link link, long attempt) {
                    link.close();
                }
            };
            LinkParts parts = new LinkParts(
                    LinkOptions.of(agent.node, agent.credentials),
                    List::of,
                    new SessionEvents(agent.sessions),
                    closing,
                    agent.context);
            LinkSet set = LinkSet.start(List.of(relay.target()), parts, target -> relay.source());
            world.advance(10_000);
            assertThat(set.links()).isEmpty();
            assertThat(relay.sessions.events).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {101, 102, 103, 104, 105, 106})
    void whatever_happens_to_the_network_the_agent_is_back_and_there_is_no_ghost(long seed) {
        SimWorld.play(seed, world -> {
            Random random = world.net.random();
            List<SimRelay> relays = List.of(world.relay("relay1"), world.relay("relay2"));
            SimAgent agent = new SimAgent(world, "edge7").link(relays.get(0), relays.get(1));
            for (int i = 0; i < 60; i++) {
                disturb(random, relays.get(random.nextInt(2)));
                world.advance(random.nextInt(20_000));
            }
            for (SimRelay relay : relays) {
                relay.links.forEach(SimLink::heal);
                relay.reachable = true;
            }
            world.until("both links", 80_000, () -> agent.sessions.up.size() == 2);
            world.advance(60_000);
            for (SimRelay relay : relays) {
                assertThat(relay.sessions.up)
                        .as("%s: %s", relay.name, relay.sessions.events)
                        .hasSize(1);
                assertThat(relay.sessions.admitted - relay.sessions.down).isEqualTo(1);
            }
        });
    }

    private static void disturb(Random random, SimRelay relay) {
        switch (random.nextInt(6)) {
            case 0 -> relay.crash();
            case 1 -> relay.start();
            case 2 -> relay.links.forEach(SimLink::lose);
            case 3 -> relay.links.forEach(SimLink::heal);
            case 4 -> relay.links.forEach(SimLink::loseBack);
            default -> relay.links.forEach(SimLink::loseThere);
        }
    }

    private static Control revokedLabel(String text) {
        return Control.newBuilder()
                .setWithdrawn(Withdrawn.newBuilder().setText(text))
                .build();
    }
}
