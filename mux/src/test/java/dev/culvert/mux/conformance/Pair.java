package dev.culvert.mux.conformance;

import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import dev.culvert.mux.StreamHandler;
import dev.culvert.mux.sim.FrameAudit;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import dev.culvert.mux.sim.Wire;
import io.netty.channel.EventLoop;
import java.time.Duration;

/**
 * Two sessions on a simulated link, each with an audit beneath it. Established from the start, without a handshake. Owned by
 * the simulation's thread.
 */
final class Pair {
    final SimNet net;
    final SimLink link;
    final MuxSession near;
    final MuxSession far;
    final SessionLog nearApp = new SessionLog();
    final SessionLog farApp = new SessionLog();
    final FrameAudit nearAudit;
    final FrameAudit farAudit;

    private final Profile profile;

    private Pair(SimNet net, Profile profile, Wire wire, MuxOptions options, EventLoop nearLoop, EventLoop farLoop) {
        this.net = net;
        this.profile = profile;
        link = net.link(wire, nearLoop, farLoop);
        PeerParameters parameters = profile == Profile.Y ? PeerParameters.PLAIN : Options.parameters(options);
        FrameAudit.Windows windows = profile == Profile.Y
                ? FrameAudit.Windows.PLAIN
                : new FrameAudit.Windows(options.initialWindow(), options.initialSessionWindow());
        FrameAudit[] audits = FrameAudit.both(net, link, profile, windows, windows);
        nearAudit = audits[0];
        farAudit = audits[1];
        near = MuxSession.dial(link.dialler(), profile, options, new MemoryBudget(1L << 30, 16), nearApp);
        far = MuxSession.accept(link.acceptor(), options, new MemoryBudget(1L << 30, 16), farApp);
        near.establish(parameters);
        far.establish(parameters);
        near.ping(nanos -> {});
        net.runUntil(() -> near.roundTripNanos() >= 0, Duration.ofSeconds(10), "the first frames");
    }

    static Pair of(SimNet net, Profile profile, Wire wire) {
        return of(net, profile, wire, Options.quiet());
    }

    static Pair of(SimNet net, Profile profile, Wire wire, MuxOptions options) {
        return new Pair(net, profile, wire, options, net.loop(), net.loop());
    }

    /** The dialling session on one loop and the accepting one on another. */
    static Pair of(SimNet net, Wire wire, EventLoop nearLoop, EventLoop farLoop) {
        return new Pair(net, Profile.X, wire, Options.quiet(), nearLoop, farLoop);
    }

    /** Streams that the dialler opens are answered by a new handler of this kind. */
    Pair accepting(java.util.function.Supplier<StreamHandler> handlers) {
        farApp.answer(stream -> handlers.get());
        return this;
    }

    /** Opens a stream at the dialler that writes {@code bytes} of payload {@code seed} and finishes; it expects nothing. */
    Traffic send(long seed, long bytes) throws MuxException {
        Traffic traffic = new Traffic(net, new Payload(-seed));
        MuxStream stream = near.open(traffic);
        traffic.write(stream, new Payload(seed), bytes);
        return traffic;
    }

    /** Both sides have forgotten every stream, and so has the wire. */
    void expectNothingLeft() {
        net.runUntil(
                () -> near.openStreams() == 0 && far.openStreams() == 0,
                Duration.ofMinutes(1),
                "the end of all streams");
        net.advance(Duration.ofSeconds(1));
        if (nearAudit.openStreams() != 0 || farAudit.openStreams() != 0) {
            throw new AssertionError("on the wire remain " + nearAudit.openStreams() + " and " + farAudit.openStreams()
                    + " streams (expected: 0)");
        }
        if (profile == Profile.X) {
            expectCreditIsBack();
        }
    }

    private void expectCreditIsBack() {
        if (nearAudit.sessionCredit() != farAudit.sessionGrant()
                || farAudit.sessionCredit() != nearAudit.sessionGrant()) {
            throw new AssertionError(
                    "session credit is not conserved: " + nearAudit.sessionCredit() + " of " + farAudit.sessionGrant()
                            + ", back " + farAudit.sessionCredit() + " of " + nearAudit.sessionGrant());
        }
        long least = Options.quiet().initialSessionWindow() / 2;
        if (nearAudit.sessionGrant() < least || farAudit.sessionGrant() < least) {
            throw new AssertionError("session credit did not come back: " + nearAudit.sessionGrant() + " and "
                    + farAudit.sessionGrant() + " (expected: at least " + least + ")");
        }
    }
}
