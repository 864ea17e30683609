package dev.culvert.node;

import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.sim.Chop;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.SimPorts;
import dev.culvert.mux.sim.Wire;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whole nodes on a simulated network: relays, agents and callers with everything that a real process has but sockets and threads, in one
 * thread on virtual time. What must always hold is checked after every step by {@link SimInvariants}. Owned by the thread that made it.
 */
final class SimSystem implements SimPorts.Lines {
    private static final long START_MILLIS = 1_800_000_000_000L;
    private static final int LOG_LINES = 60;

    final SimNet net;
    final SimInvariants invariants = new SimInvariants(this);
    NodeLimits limits = NodeLimits.DEFAULT;
    MuxOptions mux = MuxOptions.DEFAULT;
    Authenticator authenticator = SimSystem::admit;
    Function<SimNode, SimEcho> echoes = node -> new SimEcho(this, node);
    private final SimPorts ports;
    private final Map<String, Wire> wires = new HashMap<>();
    private final Set<String> unreachable = new HashSet<>();
    private final Map<String, SimNode> nodes = new HashMap<>();
    private final List<SimNode> started = new ArrayList<>();
    private final List<SimCable> cables = new ArrayList<>();
    private final Map<String, SimCall> calls = new HashMap<>();
    private final List<SimCall> open = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final Deque<String> log = new ArrayDeque<>();
    private int logged;

    private SimSystem(SimNet net) {
        this.net = net;
        this.ports = net.ports(this);
    }

    interface Scenario {
        void play(SimSystem system) throws Exception;
    }

    /** Plays a scenario, ends all nodes and checks that nothing is left; what fails names the seed and the last events. */
    static void play(long seed, Scenario scenario) {
        SimNet.simulate(seed, net -> {
            SimSystem system = new SimSystem(net);
            net.invariant(system.invariants::check);
            try {
                scenario.play(system);
                system.end();
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + String.join("\n", system.log), e);
            }
        });
    }

    private static Authenticator.Verdict admit(Authenticator.Claim claim) {
        Scope scope = new Scope(
                "default",
                NamePatterns.ALL,
                NamePatterns.ALL,
                PortRange.NONE,
                claim.node().startsWith("relay"));
        return new Authenticator.Accepted(Principal.ofKey(claim.publicKey()), scope, Long.MAX_VALUE);
    }

    Surroundings surroundings(String id) {
        Loops loops = Loops.of(net.loop(), ports.dialling(id), ports.listening());
        return new Surroundings(
                loops,
                () -> Instant.ofEpochMilli(START_MILLIS + TimeUnit.NANOSECONDS.toMillis(net.nowNanos())),
                new SeededRandom(net.random()),
                new SimWorkers(net.loop()));
    }

    /** A new process on a machine; a second one beside the first is that of a copied disk. */
    SimNode start(SimHost host) {
        String id = host.name() + "#" + (started.size() + 1);
        SimNode node = new SimNode(this, host, id);
        nodes.put(id, node);
        started.add(node);
        log("%s starts", node);
        return node.start();
    }

    SimEcho echo(SimNode node) {
        return echoes.apply(node);
    }

    SimCall dial(SimNode caller, SimCall.Plan plan) {
        int number = calls.size() + 1;
        SimCall call = new SimCall(this, caller, number, plan);
        calls.put(Integer.toString(number), call);
        open.add(call);
        call.dial();
        return call;
    }

    SimCall call(String number) {
        SimCall call = calls.get(number);
        if (call == null) {
            throw new IllegalStateException("call " + number + " was never made");
        }
        return call;
    }

    /** Counts on a call that is never made. */
    void forgetful(SimCall call) {
        open.add(call);
    }

    void ended(SimCall call) {
        open.remove(call);
    }

    /** Calls that have not ended. */
    Collection<SimCall> open() {
        return open;
    }

    Collection<SimCall> calls() {
        return calls.values();
    }

    /** Processes that have not ended. */
    List<SimNode> running() {
        return started.stream().filter(SimNode::isRunning).toList();
    }

    /** All processes there ever were. */
    List<SimNode> started() {
        return started;
    }

    @Nullable
    SimNode running(SimHost host) {
        return running().stream()
                .filter(node -> node.host == host && !node.isLeaving())
                .findFirst()
                .orElse(null);
    }

    /** Connections that were open lately. */
    List<SimCable> wired() {
        return cables;
    }

    /** Connections that are open at one end at least. */
    List<SimCable> cables() {
        cables.removeIf(cable -> !cable.isOpen());
        return List.copyOf(cables);
    }

    /** Runs between two steps of the network, outside of all loops. */
    void later(Runnable task) {
        later.add(task);
    }

    void advance(long millis) {
        long end = net.nowNanos() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (net.nowNanos() < end) {
            net.advance(Duration.ofNanos(Math.min(end - net.nowNanos(), 500_000_000)));
            List<Runnable> tasks = List.copyOf(later);
            later.clear();
            tasks.forEach(Runnable::run);
        }
    }

    void until(String what, long millis, BooleanSupplier done) {
        net.runUntil(done, Duration.ofMillis(millis), what);
    }

    /** What connections between two machines are like from now on. */
    void wire(String from, String to, Wire wire) {
        wires.put(from + "-" + to, wire);
    }

    /** Whether a relay answers at all. */
    void reachable(SimHost relay, boolean reachable) {
        if (reachable) {
            unreachable.remove(relay.name());
        } else {
            unreachable.add(relay.name());
        }
    }

    @Override
    public Wire wire(String from, String to) {
        return wires.getOrDefault(host(from) + "-" + to, new Wire(5_000_000, 0, 256 * 1024, Chop.whole()));
    }

    @Override
    public boolean reaches(String from, String to) {
        return !unreachable.contains(to);
    }

    @Override
    public void onLink(String from, String to, SimLink link) {
        SimNode acceptor = running().stream()
                .filter(node -> node.host.name().equals(to))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody runs at " + to));
        cables.add(new SimCable(this, nodes.get(from), acceptor, link));
    }

    private static String host(String id) {
        return id.substring(0, id.indexOf('#'));
    }

    void fail(String text, Object... values) {
        net.fail(new AssertionError(String.format(text, values)));
    }

    void log(String text, Object... values) {
        logged++;
        log.add(net.now() + " " + String.format(text, values));
        if (log.size() > LOG_LINES) {
            log.remove();
        }
    }

    /** Everything that was logged, as one number: the same story has the same. */
    int logged() {
        return logged;
    }

    private void end() {
        for (SimNode node : running()) {
            if (!node.host.listens()) {
                node.close();
            }
        }
        advance(limits.times().leaseMillis() + 60_000);
        invariants.atEnd();
        running().forEach(SimNode::close);
        advance(5_000);
        invariants.afterEnd();
    }

    /** The simulation's only source of chance in the shape that nodes want. */
    private static final class SeededRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final Random random;

        SeededRandom(Random random) {
            this.random = random;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }
    }
}
