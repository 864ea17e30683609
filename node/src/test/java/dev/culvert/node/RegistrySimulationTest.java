package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many agents that come, go, restart, clone and quarrel, in any order; what must always hold is checked after every event. */
final class RegistrySimulationTest {
    private static final int EVENTS = 1_500;
    private static final String[] OWNERS = {"a", "b", "c"};
    private static final String[] NODES = {"n1", "n2", "n3"};
    private static final String[] SERVICES = {"web", "ssh", "api", "db"};

    private final RouteTable table = new RouteTable();
    private final Registry registry = new Registry(table, NodeLimits.DEFAULT);
    private final Map<Long, Member> living = new HashMap<>();
    private final Map<Long, Long> waiting = new HashMap<>();
    private final Set<Member> pinged = new HashSet<>();
    private final Map<String, Long> attempts = new HashMap<>();
    private int offers;
    private long now;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void no_name_is_owned_twice_and_nothing_of_the_dead_is_left(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < EVENTS; i++) {
            try {
                apply(step(random));
                check();
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ", event " + i, e);
            }
        }
        for (Member member : List.copyOf(living.values())) {
            apply(registry.down(now, member, true));
            living.remove(member.id());
        }
        now += 10 * Takeovers.MINUTE_NANOS;
        apply(registry.time(now));
        assertThat(table.size()).as("seed %d", seed).isZero();
        assertThat(registry.members()).as("seed %d", seed).isZero();
        assertThat(registry.nextNanos()).as("seed %d", seed).isEqualTo(Long.MAX_VALUE);
    }

    private List<Effect> step(Random random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                return arrive(random);
            }
            case 3 -> {
                return living.isEmpty() ? List.of() : depart(pick(random), random.nextBoolean());
            }
            case 4 -> {
                return isQuiet() ? List.of() : registry.register(now, pickAdmitted(random), offer(random));
            }
            case 5 -> {
                return isQuiet() ? List.of() : registry.unregister(pickAdmitted(random), random.nextInt(offers + 1));
            }
            case 6, 7 -> {
                return answerPing(random);
            }
            default -> {
                now += random.nextInt(2_000) * 1_000_000L;
                return registry.time(now);
            }
        }
    }

    private List<Effect> arrive(Random random) {
        String owner = OWNERS[random.nextInt(OWNERS.length)];
        String node = NODES[random.nextInt(NODES.length)];
        int instance = random.nextInt(3);
        long attempt = attempts.merge(owner + node + instance, 1L, Long::sum) - random.nextInt(2);
        Member member = Actors.member(owner, node, instance, attempt);
        List<Offer> wanted = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            wanted.add(offer(random));
        }
        living.put(member.id(), member);
        waiting.put(member.id(), now);
        return registry.admit(now, member, wanted, random.nextInt(4) == 0 ? Set.of(attempt - 1) : Set.of());
    }

    private List<Effect> depart(Member member, boolean keep) {
        living.remove(member.id());
        waiting.remove(member.id());
        return registry.down(now, member, keep);
    }

    private List<Effect> answerPing(Random random) {
        for (Member member : pinged) {
            if (living.containsKey(member.id()) && random.nextBoolean()) {
                pinged.remove(member);
                return registry.alive(member);
            }
        }
        return List.of();
    }

    private Offer offer(Random random) {
        offers++;
        return new Offer(offers, SERVICES[random.nextInt(SERVICES.length)], 0, random.nextInt(3) == 0, -1);
    }

    private boolean isQuiet() {
        return waiting.keySet().containsAll(living.keySet());
    }

    private Member pickAdmitted(Random random) {
        while (true) {
            Member member = pick(random);
            if (!waiting.containsKey(member.id())) {
                return member;
            }
        }
    }

    private Member pick(Random random) {
        List<Long> ids = living.keySet().stream().sorted().toList();
        return living.get(ids.get(random.nextInt(ids.size())));
    }

    private void apply(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Ping ping) {
                pinged.add(ping.member());
            } else if (effect instanceof Effect.Admit admit) {
                assertThat(waiting.remove(admit.member().id())).isNotNull();
            } else if (effect instanceof Effect.Refuse refuse) {
                assertThat(waiting.remove(refuse.member().id())).isNotNull();
                living.remove(refuse.member().id());
            } else if (effect instanceof Effect.Fence fence) {
                assertThat(living.remove(fence.member().id())).isNotNull();
            }
        }
    }

    private void check() {
        Map<String, String> ownerOfNode = new HashMap<>();
        for (Map.Entry<NameKey, List<Route>> entry : table.named()) {
            for (Route route : entry.getValue()) {
                Member member = route.member();
                assertThat(living).as("a route of the dead: %s", route).containsKey(member.id());
                assertThat(waiting)
                        .as("a route of one who is not in: %s", route)
                        .doesNotContainKey(member.id());
                String before = ownerOfNode.putIfAbsent(
                        member.node(), member.principal().id());
                assertThat(before == null || before.equals(member.principal().id()))
                        .as("two owners of %s", member.node())
                        .isTrue();
            }
            checkBare(entry.getKey());
        }
        waiting.forEach((id, since) ->
                assertThat(now - since).as("member %d waits", id).isLessThan(4 * Registry.SILENCE_NANOS));
    }

    private void checkBare(NameKey named) {
        List<Route> routes = table.find(new NameKey(named.namespace(), "", named.service(), 0));
        assertThat(routes).isNotNull();
        if (routes.size() > 1) {
            assertThat(routes)
                    .as("an unshared name held twice")
                    .allMatch(route -> route.offer().shared());
        }
    }
}
