package dev.culvert.mux.sim;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelId;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A network in one thread on virtual time: event loops, links, a seed and invariants that are checked after each step.
 * Owned by the thread that made it. A failure carries the seed; leaked buffers fail {@link #close}.
 *
 * <pre>{@code
 * SimNet.simulate(42, net -> {
 *     SimLink link = net.link(Wire.lan());
 *     MuxSession near = MuxSession.dial(link.dialler(), ...);
 *     net.runUntil(() -> done, Duration.ofSeconds(5));
 * });
 * }</pre>
 */
public final class SimNet implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final MockTicker ticker = Ticker.newMockTicker();
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
    private final List<SimLoop> loops = new ArrayList<>();
    private final List<SimLink> links = new ArrayList<>();
    private final List<Runnable> invariants = new ArrayList<>();
    private @Nullable Throwable failure;
    private long channels;

    public SimNet(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        newLoop();
    }

    /** A test's body, which may throw. */
    public interface Scenario {
        void play(SimNet net) throws Exception;
    }

    /** Plays a scenario on a network of its own and closes it; whatever fails, the message names the seed. */
    public static void simulate(long seed, Scenario scenario) {
        SimNet net = new SimNet(seed);
        try {
            scenario.play(net);
            net.close();
        } catch (Exception | AssertionError cause) {
            throw new AssertionError("seed " + seed + " at " + net.now() + ": " + cause.getMessage(), cause);
        }
    }

    public long seed() {
        return seed;
    }

    /** The only source of chance in the simulation. */
    public Random random() {
        return random;
    }

    public MockTicker ticker() {
        return ticker;
    }

    /** Where all channels of this network take their buffers, and tests should: it counts what is not released. */
    public ByteBufAllocator alloc() {
        return alloc;
    }

    /** The first loop. */
    public EventLoop loop() {
        return loops.get(0);
    }

    /** A further loop, driven in turn by the same thread. */
    public EventLoop newLoop() {
        SimLoop loop = new SimLoop(Thread.currentThread(), ticker);
        loops.add(loop);
        return loop;
    }

    /** Virtual time since the start. */
    public Duration now() {
        return Duration.ofNanos(nowNanos());
    }

    public long nowNanos() {
        return ticker.nanoTime();
    }

    /** A connected pair of channels, both on the first loop, with the same wire in both directions. */
    public SimLink link(Wire wire) {
        return link(wire, loop(), loop());
    }

    public SimLink link(Wire wire, EventLoop dialler, EventLoop acceptor) {
        SimLink link = SimLink.between(this, wire, dialler, acceptor);
        links.add(link);
        return link;
    }

    /** Names at which channels of this network listen and connect, for code that makes its own connections. */
    public SimPorts ports(SimPorts.Lines lines) {
        return new SimPorts(this, lines);
    }

    /** Cut at the end, as those of {@link #link}. */
    void add(SimLink link) {
        links.add(link);
    }

    /** Counted, since sessions draw their chance from it. */
    ChannelId channelId() {
        return new SimChannelId(++channels);
    }

    /** Checks after each step from now on; what it throws ends the simulation. */
    public void invariant(Runnable check) {
        invariants.add(check);
    }

    /** Runs until {@code done}; fails when the limit passes or when nothing is left that could happen. */
    public void runUntil(BooleanSupplier done, Duration limit) {
        runUntil(done, limit, "the awaited condition");
    }

    public void runUntil(BooleanSupplier done, Duration limit, String what) {
        long end = nowNanos() + limit.toNanos();
        runDue();
        while (!done.getAsBoolean()) {
            if (!step(end)) {
                throw new AssertionError(what + " did not come within " + limit + " (now " + now() + ")");
            }
        }
    }

    /** Lets this much time pass, and everything happen that is due in it. */
    public void advance(Duration time) {
        long end = nowNanos() + time.toNanos();
        runDue();
        while (step(end)) {
            // each step moves the clock
        }
        ticker.advance(end - nowNanos(), TimeUnit.NANOSECONDS);
        runDue();
    }

    /** Everything that is due now, without moving the clock. */
    public void runDue() {
        int ran;
        do {
            ran = 0;
            for (int i = 0; i < loops.size(); i++) {
                ran += loops.get(i).runNow();
            }
        } while (ran > 0);
        rethrow();
        invariants.forEach(Runnable::run);
    }

    /** Reports a failure from inside a handler, where Netty would swallow it. The first one counts. */
    public void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Cuts all links, lets two minutes pass and checks that every buffer came back. The loops have no threads to stop. */
    @Override
    public void close() {
        links.forEach(SimLink::cut);
        advance(Duration.ofMinutes(2));
        long used = alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
        if (used != 0) {
            throw new AssertionError("seed " + seed + ": " + used + " bytes of buffers were not released");
        }
    }

    /** @param number unique in its network */
    private record SimChannelId(long number) implements ChannelId {
        private static final long serialVersionUID = 1L;

        @Override
        public String asShortText() {
            return Long.toString(number);
        }

        @Override
        public String asLongText() {
            return "sim-" + number;
        }

        @Override
        public int compareTo(ChannelId other) {
            return asLongText().compareTo(other.asLongText());
        }
    }

    private boolean step(long endNanos) {
        long next = nextDeadline();
        if (next == SimLoop.NONE || next > endNanos) {
            return false;
        }
        ticker.advance(Math.max(0, next - nowNanos()), TimeUnit.NANOSECONDS);
        runDue();
        return true;
    }

    private long nextDeadline() {
        long next = SimLoop.NONE;
        for (SimLoop loop : loops) {
            long deadline = loop.nextDeadlineNanos();
            if (deadline != SimLoop.NONE && (next == SimLoop.NONE || deadline < next)) {
                next = deadline;
            }
        }
        return next;
    }

    private void rethrow() {
        if (failure != null) {
            throw new AssertionError("seed " + seed + ": " + failure, failure);
        }
    }
}
