package dev.culvert.node;

import static dev.culvert.node.Actors.member;
import static dev.culvert.node.Actors.offer;
import static dev.culvert.node.Actors.shared;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of leases, one by one. [CTRL-10] to [CTRL-15] */
final class RegistryTest {
    private static final long SECOND = 1_000_000_000L;

    private final RouteTable table = new RouteTable();
    private final Registry registry = new Registry(table, NodeLimits.DEFAULT);
    private long now;

    @Test
    void a_service_is_found_by_its_name_and_under_its_node() {
        Member edge = member("a", "edge7", 1, 1);

        assertThat(admit(edge, offer(1, "web"))).containsExactly(ErrorCode.OK);

        assertThat(at("", "web")).containsExactly(edge);
        assertThat(at("edge7", "web")).containsExactly(edge);
        assertThat(table.find(key("edge8", "web"))).isNull();
    }

    @Test
    void a_virtual_port_is_found_by_its_number() {
        Member edge = member("a", "edge7", 1, 1);

        assertThat(admit(edge, new Offer(1, "", 80, false, -1))).containsExactly(ErrorCode.OK);

        assertThat(table.find(new NameKey("default", "edge7", "", 80))).hasSize(1);
        assertThat(table.find(new NameKey("default", "", "", 80))).hasSize(1);
    }

    @Test
    void a_stranger_is_refused_the_node_name() {
        admit(member("a", "edge7", 1, 1), offer(1, "web"));

        assertThat(admit(member("b", "edge7", 2, 1), offer(1, "other"))).containsExactly(ErrorCode.NAME_TAKEN);
        assertThat(table.find(key("", "other"))).isNull();
    }

    @Test
    void a_second_node_is_refused_a_service_name_unless_both_share_it() {
        admit(member("a", "edge7", 1, 1), offer(1, "web"), shared(2, "ssh"));

        assertThat(admit(member("b", "edge8", 2, 1), offer(1, "web"), shared(2, "ssh"), offer(3, "mail")))
                .containsExactly(ErrorCode.NAME_TAKEN, ErrorCode.OK, ErrorCode.OK);
        assertThat(admit(member("c", "edge9", 3, 1), shared(1, "web"), offer(2, "ssh")))
                .containsExactly(ErrorCode.NAME_TAKEN, ErrorCode.NAME_TAKEN);
        assertThat(at("", "ssh")).hasSize(2);
    }

    @Test
    void namespaces_do_not_see_each_other() {
        Scope other = new Scope("prod", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false);
        admit(member("a", "edge7", 1, 1), offer(1, "web"));

        assertThat(admit(member(other, "b", "edge7", 2, 1), offer(1, "web"))).containsExactly(ErrorCode.OK);

        assertThat(at("", "web")).hasSize(1);
    }

    @Test
    void a_returning_agent_has_its_names_back_at_once_and_its_old_session_is_fenced() {
        Member before = member("a", "edge7", 1, 1);
        admit(before, offer(1, "web"));
        Member after = member("a", "edge7", 1, 2);

        List<Effect> effects = registry.admit(now, after, List.of(offer(1, "web")), Set.of());

        assertThat(effects).hasSize(2);
        assertThat(effects.get(0)).isInstanceOfSatisfying(Effect.Fence.class, fence -> {
            assertThat(fence.member()).isEqualTo(before);
            assertThat(fence.code()).isEqualTo(ErrorCode.FENCED);
            assertThat(fence.leaveStreams()).isFalse();
        });
        assertThat(effects.get(1)).isInstanceOf(Effect.Admit.class);
        assertThat(at("", "web")).containsExactly(after);
    }

    @Test
    void a_session_that_is_leaving_loses_its_routes_and_keeps_its_streams() {
        admit(member("a", "edge7", 1, 1), offer(1, "web"));

        List<Effect> effects = registry.admit(now, member("a", "edge7", 1, 2), List.of(offer(1, "web")), Set.of(1L));

        assertThat(effects.get(0))
                .isInstanceOfSatisfying(
                        Effect.Fence.class,
                        fence -> assertThat(fence.leaveStreams()).isTrue());
    }

    @Test
    void an_older_attempt_is_refused_and_fences_nobody() {
        Member second = member("a", "edge7", 1, 2);
        admit(second, offer(1, "web"));

        for (long attempt = 1; attempt <= 2; attempt++) {
            List<Effect> effects =
                    registry.admit(now, member("a", "edge7", 1, attempt), List.of(offer(1, "web")), Set.of());
            assertThat(effects)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Effect.Refuse.class,
                            refuse -> assertThat(refuse.code()).isEqualTo(ErrorCode.FENCED));
        }
        assertThat(at("", "web")).containsExactly(second);
    }

    @Test
    void a_clone_is_told_so_when_the_old_process_lives() {
        Member old = member("a", "edge7", 1, 1);
        admit(old, offer(1, "web"));
        Member clone = member("a", "edge7", 2, 1);

        assertThat(registry.admit(now, clone, List.of(offer(1, "web")), Set.of()))
                .containsExactly(new Effect.Ping(old));
        List<Effect> effects = registry.alive(old);

        assertThat(effects).singleElement().isInstanceOfSatisfying(Effect.Refuse.class, refuse -> {
            assertThat(refuse.member()).isEqualTo(clone);
            assertThat(refuse.code()).isEqualTo(ErrorCode.DUPLICATE_NODE);
            assertThat(refuse.text()).contains("edge7", "typed twice", "copy of its disk");
        });
        assertThat(at("", "web")).containsExactly(old);
        assertThat(registry.members()).isEqualTo(1);
    }

    @Test
    void a_restarted_agent_waits_three_seconds_for_a_silent_predecessor_and_no_longer() {
        Member old = member("a", "edge7", 1, 1);
        admit(old, offer(1, "web"));
        Member restarted = member("a", "edge7", 2, 1);
        registry.admit(now, restarted, List.of(offer(1, "web")), Set.of());

        assertThat(registry.nextNanos()).isEqualTo(now + Registry.SILENCE_NANOS);
        assertThat(registry.time(now + Registry.SILENCE_NANOS - 1)).isEmpty();
        assertThat(at("", "web")).containsExactly(old);
        List<Effect> effects = registry.time(now + Registry.SILENCE_NANOS);

        assertThat(effects.get(0))
                .isInstanceOfSatisfying(
                        Effect.Fence.class, fence -> assertThat(fence.member()).isEqualTo(old));
        assertThat(effects.get(1)).isInstanceOf(Effect.Admit.class);
        assertThat(at("", "web")).containsExactly(restarted);
        assertThat(registry.down(now, old, true)).isEmpty();
        assertThat(at("", "web")).containsExactly(restarted);
    }

    @Test
    void a_restarted_agent_is_in_at_once_when_its_predecessor_ends_by_itself() {
        Member old = member("a", "edge7", 1, 1);
        admit(old, offer(1, "web"));
        Member restarted = member("a", "edge7", 2, 1);
        registry.admit(now, restarted, List.of(offer(1, "web")), Set.of());

        List<Effect> effects = registry.down(now, old, true);

        assertThat(effects).singleElement().isInstanceOf(Effect.Admit.class);
        assertThat(at("", "web")).containsExactly(restarted);
    }

    @Test
    void two_commands_on_one_machine_with_different_names_stand_side_by_side() {
        Member web = member("a", "edge7", 1, 1);
        Member ssh = member("a", "edge7", 2, 1);
        Member dial = member("a", "edge7", 3, 1);

        assertThat(admit(web, offer(1, "web"))).containsExactly(ErrorCode.OK);
        assertThat(admit(ssh, offer(1, "ssh"))).containsExactly(ErrorCode.OK);
        assertThat(admit(dial)).isEmpty();

        assertThat(at("edge7", "web")).containsExactly(web);
        assertThat(at("edge7", "ssh")).containsExactly(ssh);
    }

    @Test
    void replicas_of_one_node_stand_side_by_side_and_a_silent_one_is_fenced() {
        Member one = member("a", "edge7", 1, 1);
        admit(one, shared(1, "web"));
        Member two = member("a", "edge7", 2, 1);

        List<Effect> effects = registry.admit(now, two, List.of(shared(1, "web")), Set.of());

        assertThat(effects)
                .containsExactly(
                        new Effect.Ping(one),
                        new Effect.Admit(two, List.of(new Effect.Result(shared(1, "web"), Outcome.OK))));
        assertThat(at("edge7", "web")).containsExactly(one, two);
        assertThat(registry.time(now + Registry.SILENCE_NANOS)).singleElement().isInstanceOf(Effect.Fence.class);
        assertThat(at("edge7", "web")).containsExactly(two);
    }

    @Test
    void a_later_registration_meets_the_same_rules_as_one_in_hello() {
        Member one = member("a", "edge7", 1, 1);
        Member two = member("a", "edge7", 2, 1);
        admit(one, offer(1, "web"));
        admit(two);

        assertThat(registry.register(now, two, offer(5, "web"))).containsExactly(new Effect.Ping(one));
        assertThat(registry.alive(one)).singleElement().isInstanceOfSatisfying(Effect.Answer.class, answer -> {
            assertThat(answer.member()).isEqualTo(two);
            assertThat(answer.result().outcome().code()).isEqualTo(ErrorCode.DUPLICATE_NODE);
        });
        assertThat(registry.members()).isEqualTo(2);
    }

    @Test
    void a_lost_link_keeps_the_name_for_its_owner_and_shows_no_route() {
        Member edge = member("a", "edge7", 1, 1);
        admit(edge, offer(1, "web"));

        registry.down(now, edge, true);

        assertThat(at("", "web")).isEmpty();
        assertThat(table.find(key("", "web"))).isEmpty();
        assertThat(admit(member("b", "edge8", 2, 1), offer(1, "web"))).containsExactly(ErrorCode.NAME_TAKEN);
        assertThat(admit(member("a", "edge7", 3, 1), offer(1, "web"))).containsExactly(ErrorCode.OK);
    }

    @Test
    void a_name_that_nobody_came_back_for_is_free_after_the_lease() {
        Member edge = member("a", "edge7", 1, 1);
        admit(edge, offer(1, "web"));
        registry.down(now, edge, true);
        long expiry = registry.nextNanos();

        assertThat(expiry).isEqualTo(now + NodeLimits.DEFAULT.times().leaseMillis() * 1_000_000);
        registry.time(expiry - 1);
        assertThat(table.find(key("", "web"))).isEmpty();
        registry.time(expiry);

        assertThat(table.size()).isZero();
        assertThat(admit(member("b", "edge7", 2, 1), offer(1, "web"))).containsExactly(ErrorCode.OK);
    }

    @Test
    void one_who_leaves_for_good_leaves_nothing_behind() {
        Member edge = member("a", "edge7", 1, 1);
        admit(edge, offer(1, "web"), new Offer(2, "api", 80, true, -1));

        registry.down(now, edge, false);

        assertThat(table.size()).isZero();
        assertThat(registry.members()).isZero();
        assertThat(registry.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void unregister_frees_the_name_at_once() {
        Member edge = member("a", "edge7", 1, 1);
        admit(edge, offer(1, "web"));

        registry.unregister(edge, 1);

        assertThat(table.size()).isZero();
        assertThat(admit(member("b", "edge7", 2, 1), offer(1, "web"))).containsExactly(ErrorCode.OK);
    }

    @Test
    void the_fourth_takeover_within_a_minute_is_refused_and_both_are_told() {
        admit(member("a", "edge7", 1, 1), offer(1, "web"));
        for (int attempt = 2; attempt <= 4; attempt++) {
            now += 10 * SECOND;
            assertThat(admit(member("a", "edge7", 1, attempt), offer(1, "web"))).containsExactly(ErrorCode.OK);
        }
        now += 10 * SECOND;

        List<Effect> effects = registry.admit(now, member("a", "edge7", 1, 5), List.of(offer(1, "web")), Set.of());

        assertThat(effects.get(0))
                .isInstanceOfSatisfying(
                        Effect.Fence.class, fence -> assertThat(fence.code()).isEqualTo(ErrorCode.DUPLICATE_NODE));
        assertThat(effects.get(1)).isInstanceOfSatisfying(Effect.Refuse.class, refuse -> {
            assertThat(refuse.code()).isEqualTo(ErrorCode.DUPLICATE_NODE);
            assertThat(refuse.text()).contains("edge7").contains("minute");
            assertThat(refuse.retryAfterNanos()).isEqualTo(Takeovers.MINUTE_NANOS);
        });
        assertThat(table.size()).isZero();
        now += Takeovers.MINUTE_NANOS - 1;
        assertThat(registry.admit(now, member("a", "edge7", 1, 6), List.of(offer(1, "web")), Set.of()))
                .singleElement()
                .isInstanceOf(Effect.Refuse.class);
        now += 1;
        assertThat(admit(member("a", "edge7", 1, 7), offer(1, "web"))).containsExactly(ErrorCode.OK);
    }

    @Test
    void slow_reconnects_are_never_taken_for_flapping() {
        admit(member("a", "edge7", 1, 1), offer(1, "web"));
        for (int attempt = 2; attempt <= 50; attempt++) {
            now += 21 * SECOND;
            assertThat(admit(member("a", "edge7", 1, attempt), offer(1, "web"))).containsExactly(ErrorCode.OK);
        }
    }

    @Test
    void the_scope_decides_what_may_be_registered() {
        Scope narrow = new Scope(
                "default", new NamePatterns(List.of("web")), NamePatterns.ALL, new PortRange(20_000, 20_000), false);

        assertThat(admit(
                        member(narrow, "a", "edge7", 1, 1),
                        offer(1, "web"),
                        offer(2, "ssh"),
                        new Offer(3, "", 80, false, -1),
                        new Offer(4, "web", 0, true, 30_000)))
                .containsExactly(ErrorCode.OK, ErrorCode.DENIED, ErrorCode.DENIED, ErrorCode.DENIED);
    }

    @Test
    void reserved_and_confusable_names_are_refused() {
        assertThat(admit(
                        member("a", "edge7", 1, 1),
                        offer(1, "$status"),
                        offer(2, "w\u0435b"),
                        offer(3, "we\u200bb"),
                        new Offer(4, "", 0, false, -1)))
                .containsExactly(ErrorCode.DENIED, ErrorCode.DENIED, ErrorCode.DENIED, ErrorCode.DENIED);
        assertThat(table.size()).isZero();
    }

    @Test
    void a_session_has_a_limited_number_of_services() {
        Registry small = new Registry(table, new NodeLimits(2, 10, 1, 1, 1, new NodeTimes(1, 1, 1, 0)));
        Member edge = member("a", "edge7", 1, 1);
        small.admit(now, edge, List.of(offer(1, "a"), offer(2, "b")), Set.of());

        assertThat(results(small.register(now, edge, offer(3, "c")))).containsExactly(ErrorCode.BUSY);
        small.unregister(edge, 1);
        assertThat(results(small.register(now, edge, offer(3, "c")))).containsExactly(ErrorCode.OK);
    }

    @Test
    void one_principal_cannot_take_the_places_of_all_others() {
        Registry small = new Registry(table, new NodeLimits(2, 10, 1, 8, 1, new NodeTimes(1, 1, 1, 0)));
        Member first = member("a", "edge1", 1, 1);
        small.admit(now, first, List.of(), Set.of());
        small.admit(now, member("a", "edge2", 2, 1), List.of(), Set.of());

        Member third = member("a", "edge3", 3, 1);
        assertThat(small.admit(now, third, List.of(), Set.of()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Refuse.class, refuse -> assertThat(refuse.code()).isEqualTo(ErrorCode.BUSY));
        assertThat(small.admit(now, member("a", "edge1", 1, 2), List.of(), Set.of()))
                .as("one that returns has its place")
                .anyMatch(Effect.Admit.class::isInstance);
        assertThat(small.admit(now, member("b", "edge4", 4, 1), List.of(), Set.of()))
                .anyMatch(Effect.Admit.class::isInstance);
        small.down(now, member("a", "ghost", 9, 1), false);
        small.admit(now, third, List.of(), Set.of());
        assertThat(small.members()).isEqualTo(3);
    }

    @Test
    void one_session_registers_a_name_once() {
        Member edge = member("a", "edge7", 1, 1);
        admit(edge, offer(1, "web"));

        assertThat(results(registry.register(now, edge, offer(2, "web")))).containsExactly(ErrorCode.NAME_TAKEN);
        assertThat(results(registry.register(now, edge, offer(1, "other")))).containsExactly(ErrorCode.PROTOCOL);
        assertThat(at("", "web")).containsExactly(edge);
    }

    @Test
    void events_of_one_who_is_gone_do_nothing() {
        Member ghost = member("a", "edge7", 1, 1);

        assertThat(registry.register(now, ghost, offer(1, "web"))).isEmpty();
        assertThat(registry.unregister(ghost, 1)).isEmpty();
        assertThat(registry.alive(ghost)).isEmpty();
        assertThat(registry.down(now, ghost, true)).isEmpty();
        assertThat(registry.time(now)).isEmpty();
        assertThat(table.size()).isZero();
    }

    private List<ErrorCode> admit(Member member, Offer... offers) {
        return results(registry.admit(now, member, List.of(offers), Set.of()));
    }

    private static List<ErrorCode> results(List<Effect> effects) {
        List<ErrorCode> codes = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Admit admit) {
                admit.results().forEach(result -> codes.add(result.outcome().code()));
            } else if (effect instanceof Effect.Answer answer) {
                codes.add(answer.result().outcome().code());
            }
        }
        return codes;
    }

    private List<Member> at(String node, String service) {
        List<Route> routes = table.find(key(node, service));
        assertThat(routes).as(node + "." + service).isNotNull();
        return routes.stream().map(Route::member).toList();
    }

    private static NameKey key(String node, String service) {
        return new NameKey("default", node, service, 0);
    }
}
