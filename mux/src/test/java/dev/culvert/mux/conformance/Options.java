package dev.culvert.mux.conformance;

import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.PeerParameters;

/** Options that differ from the default in one thing each. <em>Immutable.</em> */
final class Options {
    private static final MuxOptions DEFAULT = MuxOptions.DEFAULT;

    private Options() {}

    /** No keep-alive, so that a script sees only what it caused. */
    static MuxOptions quiet() {
        return keepAlive(DEFAULT, 0);
    }

    static MuxOptions keepAlive(MuxOptions from, long nanos) {
        return new MuxOptions(
                from.initialWindow(),
                from.maxWindow(),
                from.initialSessionWindow(),
                from.maxSessionWindow(),
                from.maxInboundStreams(),
                from.maxPendingOpens(),
                from.maxFrame(),
                nanos);
    }

    static MuxOptions inbound(int streams) {
        MuxOptions from = quiet();
        return new MuxOptions(
                from.initialWindow(),
                from.maxWindow(),
                from.initialSessionWindow(),
                from.maxSessionWindow(),
                streams,
                from.maxPendingOpens(),
                from.maxFrame(),
                0);
    }

    static MuxOptions pendingOpens(int opens) {
        MuxOptions from = quiet();
        return new MuxOptions(
                from.initialWindow(),
                from.maxWindow(),
                from.initialSessionWindow(),
                from.maxSessionWindow(),
                from.maxInboundStreams(),
                opens,
                from.maxFrame(),
                0);
    }

    static MuxOptions windows(int stream, int maxStream, int session, int maxSession) {
        MuxOptions from = quiet();
        return new MuxOptions(
                stream,
                maxStream,
                session,
                maxSession,
                from.maxInboundStreams(),
                from.maxPendingOpens(),
                from.maxFrame(),
                0);
    }

    /** What a peer with these options says of itself in the handshake. */
    static PeerParameters parameters(MuxOptions options) {
        return peer(
                options.initialWindow(),
                options.initialSessionWindow(),
                options.maxInboundStreams(),
                options.maxFrame());
    }

    /** A peer that says nothing of keep-alive. */
    static PeerParameters peer(int initialWindow, int sessionWindow, int maxStreams, int maxFrame) {
        return new PeerParameters(initialWindow, sessionWindow, maxStreams, maxFrame, 0);
    }
}
