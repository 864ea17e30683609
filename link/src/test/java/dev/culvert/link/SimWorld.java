package dev.culvert.link;

import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.sim.Chop;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Wire;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Relays and agents on a simulated network, in one thread on virtual time. Owned by the thread that made it. */
final class SimWorld {
    static final long START_MILLIS = 1_800_000_000_000L;

    final SimNet net;
    Wire wire = new Wire(Duration.ofMillis(5).toNanos(), 0, 256 * 1024, Chop.whole());
    final List<SimAgent> agents = new ArrayList<>();
    private final Loops loops;
    private final MemoryBudget budget = new MemoryBudget(1L << 30, 1 << 16);

    SimWorld(SimNet net) {
        this.net = net;
        this.loops = Loops.of(net.loop());
    }

    /** Plays a scenario; whatever fails, the message names the seed. */
    static void play(long seed, Scenario scenario) {
        SimNet.simulate(seed, net -> {
            SimWorld world = new SimWorld(net);
            scenario.play(world);
            world.agents.forEach(SimAgent::stop);
            world.advance(1_000);
        });
    }

    interface Scenario {
        void play(SimWorld world) throws Exception;
    }

    InstantSource clock() {
        return () -> Instant.ofEpochMilli(START_MILLIS + TimeUnit.NANOSECONDS.toMillis(net.nowNanos()));
    }

    LinkContext context() {
        return context(task -> net.loop().schedule(task, 300, TimeUnit.MICROSECONDS), clock());
    }

    LinkContext context(Executor blocking, InstantSource clock) {
        return new LinkContext(loops, budget, clock, new SeededRandom(net.random()), blocking);
    }

    SimRelay relay(String name) {
        return new SimRelay(this, name);
    }

    void advance(long millis) {
        net.advance(Duration.ofMillis(millis));
    }

    /** Runs until it is so; fails when {@code millis} have passed. */
    void until(String what, long millis, BooleanSupplier done) {
        net.runUntil(done, Duration.ofMillis(millis), what);
    }

    /** The simulation's only source of chance in the shape that links want. */
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
