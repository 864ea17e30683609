package dev.culvert.node;

import dev.culvert.mux.sim.Chop;
import dev.culvert.mux.sim.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two relays, two agents and two callers to whom things happen, as the seed has it: paths go silent or are cut, get slow, processes die
 * and come back, disks are copied, nodes drain; all the while calls are made. Owned by the simulation's thread.
 */
final class SimStory {
    private static final int ACTIONS = 40;
    private static final int MAX_GAP_MILLIS = 8_000;
    private static final int MAX_DOWN_MILLIS = 20_000;

    /** After the last fault: longer than silence, takeovers that are damped for a minute, and a retry take together. */
    private static final long REST_MILLIS = 180_000;

    private static final String[] NAMES = {
        "web", "edge1.web", "db", "edge2.db", "pool", "edge1.pool", "edge2.pool", "nobody", "edge9.web", "relay1.web"
    };

    private final SimSystem system;
    private final Random random;
    private final SimHost upper = SimHost.relay("relay1");
    private final SimHost lower = SimHost.relay("relay2", upper);
    private final List<SimHost> hosts = List.of(
            upper,
            lower,
            SimHost.agent("edge1", List.of(upper, lower), "web", "pool"),
            SimHost.agent("edge2", List.of(upper), "db", "pool"),
            SimHost.agent("laptop", List.of(upper, lower)),
            SimHost.agent("phone", List.of(lower)));
    private final Map<SimHost, Long> downUntil = new HashMap<>();
    private final List<SimNode> clones = new ArrayList<>();

    SimStory(SimSystem system, long seed) {
        this.system = system;
        this.random = new Random(seed);
    }

    void play() {
        hosts.forEach(system::start);
        system.advance(1_000);
        for (int i = 0; i < ACTIONS; i++) {
            act();
            for (int calls = random.nextInt(4); calls > 0; calls--) {
                call();
            }
            system.advance(random.nextInt(MAX_GAP_MILLIS));
            comeBack(system.net.nowNanos());
        }
        rest();
        lastCalls();
    }

    private void act() {
        SimCable cable = pick(system.cables());
        switch (random.nextInt(14)) {
            case 0, 1 -> lose(cable);
            case 2 -> system.cables().forEach(SimCable::heal);
            case 3 -> finish(cable);
            case 4 -> cut(cable);
            case 5, 6 -> slow(cable);
            case 7 -> crash(random.nextInt(2));
            case 8 -> crash(2 + random.nextInt(2));
            case 9, 10 -> crash(2 + random.nextInt(hosts.size() - 2));
            case 11 -> copyDisk();
            case 12 -> drain(hosts.get(random.nextInt(4)));
            default -> system.reachable(hosts.get(random.nextInt(2)), random.nextBoolean());
        }
    }

    private void lose(@Nullable SimCable cable) {
        if (cable != null) {
            int way = random.nextInt(4);
            system.log("%s goes silent, %d", cable, way);
            cable.lose(way != 1, way != 2);
        }
    }

    private void finish(@Nullable SimCable cable) {
        if (cable != null) {
            system.log("%s is finished", cable);
            cable.finish(random.nextBoolean());
        }
    }

    private void cut(@Nullable SimCable cable) {
        if (cable != null) {
            system.log("%s is cut", cable);
            cable.cut();
        }
    }

    private void slow(@Nullable SimCable cable) {
        if (cable != null) {
            long delay = TimeUnit.MILLISECONDS.toNanos(1 + (long) Math.pow(10, 3.3 * random.nextDouble()));
            system.log("%s has %d ms", cable, delay / 1_000_000);
            Wire wire = new Wire(delay, 20_000 + random.nextInt(10_000_000), 64 * 1024, Chop.whole());
            cable.wire(wire);
        }
    }

    private void crash(int index) {
        SimHost host = hosts.get(index);
        SimNode node = system.running(host);
        if (node != null) {
            int how = random.nextInt(3);
            system.log("%s crashes, %d", node, how);
            node.crash(how);
            goDown(host, random.nextInt(MAX_DOWN_MILLIS));
        }
    }

    private void drain(SimHost host) {
        SimNode node = system.running(host);
        if (node != null) {
            Duration grace = Duration.ofMillis(500 + random.nextInt(10_000));
            system.log("%s drains, %s", node, grace);
            node.drain(grace);
            goDown(host, grace.toMillis() + 2_000 + random.nextInt(MAX_DOWN_MILLIS));
        }
    }

    private void goDown(SimHost host, long millis) {
        downUntil.put(host, system.net.nowNanos() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void comeBack(long nowNanos) {
        for (SimHost host : hosts) {
            Long until = downUntil.get(host);
            if (until != null && until <= nowNanos) {
                downUntil.remove(host);
                if (system.running(host) == null) {
                    system.start(host);
                }
            }
        }
    }

    private void copyDisk() {
        SimHost host = hosts.get(2 + random.nextInt(2));
        if (clones.isEmpty() && system.running(host) != null) {
            system.log("the disk of %s is copied", host);
            clones.add(system.start(host));
        } else if (!clones.isEmpty()) {
            clones.remove(0).crash(random.nextInt(3));
        }
    }

    private void call() {
        SimNode caller = system.running(hosts.get(random.nextInt(hosts.size())));
        if (caller == null) {
            return;
        }
        int total = random.nextBoolean() ? random.nextInt(2_000) : random.nextInt(300_000);
        int first = random.nextInt(3) == 0 ? 0 : Math.min(total, random.nextInt(Dial.MAX_KEPT));
        SimCall.Plan plan = SimCall.Plan.of(NAMES[random.nextInt(NAMES.length)]).with(total, first);
        if (random.nextInt(3) == 0) {
            plan = plan.withPause(1 + random.nextInt(2_000));
        }
        if (random.nextInt(4) == 0) {
            plan = plan.withTimeout(1 + random.nextInt(3_000));
        }
        if (random.nextInt(6) == 0) {
            plan = plan.withReset(random.nextInt(total + 1));
        }
        if (random.nextInt(3) == 0) {
            plan = plan.withReplaySafe();
        }
        if (random.nextInt(6) == 0) {
            plan = plan.withHeader(SimEcho.WAIT, Integer.toString(random.nextInt(6_000) - 1));
        }
        if (random.nextInt(10) == 0) {
            plan = plan.withHeader(SimEcho.REFUSE, random.nextBoolean() ? "BUSY" : "TARGET_REFUSED");
        }
        system.dial(caller, plan);
    }

    private void rest() {
        for (SimHost host : hosts) {
            system.running().stream()
                    .filter(node -> node.host == host && node != system.running(host))
                    .forEach(twin -> twin.crash(0));
        }
        hosts.subList(0, 2).forEach(relay -> system.reachable(relay, true));
        system.cables().forEach(SimCable::heal);
        system.cables().forEach(cable -> cable.wire(new Wire(5_000_000, 0, 256 * 1024, Chop.whole())));
        system.log("all is well again");
        system.advance(30_000);
        for (SimHost host : hosts) {
            if (system.running(host) == null) {
                system.start(host);
            }
        }
        system.advance(REST_MILLIS);
        system.invariants.atRest();
    }

    /** After all that, every service is reached from everywhere. */
    private void lastCalls() {
        for (SimHost host : hosts) {
            for (String name : List.of("edge1.web", "edge2.db", "pool")) {
                SimCall call = system.dial(caller(host), SimCall.Plan.of(name).with(20_000, 5_000));
                system.until("the end of " + call, 30_000, call::isOver);
                if (call.state() != SimCall.State.DONE) {
                    throw new AssertionError("not healed: " + call + " ended " + call.state() + " " + call.code());
                }
            }
        }
    }

    private SimNode caller(SimHost host) {
        SimNode node = system.running(host);
        if (node == null) {
            throw new AssertionError(host + " does not run");
        }
        return node;
    }

    private <T> @Nullable T pick(List<T> list) {
        return list.isEmpty() ? null : list.get(random.nextInt(list.size()));
    }
}
