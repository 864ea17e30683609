package dev.culvert.mux.conformance;

import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.RawPeer;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Wire;

/**
 * A session under test and a script in place of its peer. There is no handshake: the session is established from the start,
 * with parameters of the profile's defaults. Owned by the simulation's thread.
 */
final class Scripted {
    static final int X_WINDOW = 32 * 1024;
    static final int Y_WINDOW = 256 * 1024;
    static final int SESSION_WINDOW = 1 << 20;
    static final MuxOptions OPTIONS = Options.quiet();

    final SimNet net;
    final SimLink link;
    final RawPeer peer;
    final MuxSession session;
    final SessionLog app = new SessionLog();
    final int version;

    private Scripted(
            SimNet net, Profile profile, MuxOptions options, PeerParameters parameters, boolean dials, Wire wire) {
        this.net = net;
        version = profile == Profile.X ? 1 : 0;
        link = net.link(wire);
        MemoryBudget budget = new MemoryBudget(1L << 30, 16);
        if (dials) {
            session = MuxSession.dial(link.dialler(), profile, options, budget, app);
            peer = new RawPeer(net, link.acceptor(), version);
        } else {
            session = MuxSession.accept(link.acceptor(), options, budget, app);
            peer = new RawPeer(net, link.dialler(), version);
        }
        session.establish(parameters);
    }

    /** The session accepts and the script dials: the script's streams are odd. */
    static Scripted accepting(SimNet net, Profile profile) {
        return accepting(net, profile, OPTIONS);
    }

    static Scripted accepting(SimNet net, Profile profile, MuxOptions options) {
        return new Scripted(net, profile, options, parameters(profile), false, Wire.lan());
    }

    /** The session dials and the script accepts: the session's streams are odd. */
    static Scripted dialling(SimNet net, Profile profile) {
        return dialling(net, profile, OPTIONS, parameters(profile));
    }

    static Scripted dialling(SimNet net, Profile profile, MuxOptions options, PeerParameters parameters) {
        return new Scripted(net, profile, options, parameters, true, Wire.lan());
    }

    static Scripted dialling(SimNet net, Profile profile, Wire wire) {
        return new Scripted(net, profile, OPTIONS, parameters(profile), true, wire);
    }

    static PeerParameters parameters(Profile profile) {
        return profile == Profile.Y ? PeerParameters.PLAIN : Options.parameters(OPTIONS);
    }

    static int window(Profile profile) {
        return profile == Profile.X ? X_WINDOW : Y_WINDOW;
    }

    /** Opens a stream from the session's side. */
    MuxStream open(StreamLog log) throws MuxException {
        return session.open(log);
    }

    void write(MuxStream stream, int bytes) {
        stream.write(new Payload(0).slice(net.alloc(), 0, bytes));
    }

    byte[] bytes(int count) {
        return new Payload(0).bytes(0, count);
    }

    /** A GoAway with code 1, then the end of the connection: how a breach of the rules is answered [MUX-6]. */
    void expectProtocolError() {
        Frame last = peer.nextThat(frame -> frame.type() == Frame.GO_AWAY, java.time.Duration.ofSeconds(1));
        if (last.length() != 1) {
            throw new AssertionError("[MUX-6] " + last + " (expected: GoAway(1))");
        }
        net.runUntil(peer::closed, java.time.Duration.ofSeconds(1), "[MUX-6] the end of the connection");
        if (app.closed() != dev.culvert.api.ErrorCode.PROTOCOL) {
            throw new AssertionError("[MUX-6] the session ended with " + app.closed() + " (expected: PROTOCOL)");
        }
    }

    /** The session lives and answers. */
    void expectAlive() {
        peer.drain();
        peer.ping(Frame.SYN, 0x5eed);
        Frame pong = peer.nextThat(frame -> frame.type() == Frame.PING, java.time.Duration.ofSeconds(1));
        if (!pong.has(Frame.ACK) || pong.length() != 0x5eed || app.closed() != null) {
            throw new AssertionError("the session is not well: " + pong + ", " + app.closed());
        }
    }
}
