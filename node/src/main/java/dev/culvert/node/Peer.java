package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.Session;
import dev.culvert.link.proto.Role;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a session, as far as streams are concerned. What does not change may be read by any thread; the rest is
 * owned by the session's event loop.
 */
final class Peer implements Exit {
    /** What is believed of a peer. */
    enum Trust {
        /** A leaf, linked to us: it speaks for itself only. [OPEN-6] */
        LEAF,
        /** Another relay, or the relay that we linked to: it speaks for others. */
        RELAY,
        /** This node itself: it speaks for whom it has proved, as a gateway does. */
        SELF
    }

    private static final long REFUSED_MILLIS = 30_000;

    private final long id;
    private final MuxSession mux;
    private final @Nullable Session session;
    private final String node;
    private final Principal principal;
    private final Scope scope;
    private final Trust trust;
    private final Deadlines<Inbound> heads;
    private final Deadlines<MuxStream> refused;
    private volatile boolean up;
    private volatile boolean leaving;
    private @Nullable StreamGate gate;
    private volatile boolean direct;
    private @Nullable DirectLease lease;
    private volatile boolean router;
    private volatile long roundTripNanos = -1;
    private int pendingOpens;

    private Peer(Builder builder) {
        this.id = builder.id;
        this.mux = builder.mux;
        this.session = builder.session;
        this.node = builder.node;
        this.principal = builder.principal;
        this.scope = builder.scope;
        this.trust = builder.trust;
        this.heads = new Deadlines<>(mux.loop(), builder.openMillis, Inbound::onOpenDeadline);
        this.refused = new Deadlines<>(mux.loop(), REFUSED_MILLIS, stream -> stream.reset(ErrorCode.DEADLINE.number()));
    }

    private record Builder(
            long id,
            MuxSession mux,
            @Nullable Session session,
            String node,
            Principal principal,
            Scope scope,
            Trust trust,
            long openMillis) {}

    /** The peer of a session that link has proved. */
    static Peer of(long id, Session session, NodeLimits limits) {
        boolean relay = session.dialled()
                || session.peerRole() == Role.ROLE_PEER && session.scope().peer();
        return new Peer(new Builder(
                id,
                session.mux(),
                session,
                session.peerNode(),
                session.peer(),
                session.scope(),
                relay ? Trust.RELAY : Trust.LEAF,
                limits.times().openMillis()));
    }

    /** One end of a session of this node with itself. */
    static Peer self(MuxSession mux, Member self, NodeLimits limits) {
        Peer peer = new Peer(new Builder(
                0,
                mux,
                null,
                self.node(),
                self.principal(),
                self.scope(),
                Trust.SELF,
                limits.times().openMillis()));
        peer.up = true;
        return peer;
    }

    long id() {
        return id;
    }

    MuxSession mux() {
        return mux;
    }

    EventLoop loop() {
        return mux.loop();
    }

    /** The session; only for peers that are not this node itself. */
    Session session() {
        if (session == null) {
            throw new IllegalStateException("this node itself has no session");
        }
        return session;
    }

    String node() {
        return node;
    }

    Principal principal() {
        return principal;
    }

    Scope scope() {
        return scope;
    }

    Trust trust() {
        return trust;
    }

    /** Whether we linked to it, so that it may know names that we do not. */
    boolean isUpstream() {
        return session != null && session.dialled();
    }

    /** Whether streams may be opened to it now. */
    boolean isUp() {
        return up && !leaving;
    }

    /** Whether it was up once, and has not been marked down since. */
    boolean wasUp() {
        return up;
    }

    /** What decides on the streams that it opens; null: its scope alone. */
    @Nullable
    StreamGate gate() {
        return gate;
    }

    /** Before its first stream. */
    void gate(@Nullable StreamGate newGate) {
        gate = newGate;
    }

    /** Whether no relay is between the two, but one has brought them together: it is trusted with nothing else. Any thread. [DIRECT-5] */
    boolean isDirect() {
        return direct;
    }

    /** Before it is up. */
    void markDirect() {
        direct = true;
    }

    /** Of a direct link that came in; null: it has none. */
    @Nullable
    DirectLease lease() {
        return lease;
    }

    /** Before it is up. */
    void lease(DirectLease newLease) {
        lease = newLease;
    }

    void markUp() {
        up = true;
        if (lease != null) {
            lease.begin();
        }
    }

    /** It said that it drains: no new streams to it. */
    void markLeaving() {
        leaving = true;
    }

    void markDown() {
        up = false;
        if (lease != null) {
            lease.end();
        }
        heads.clear();
        refused.clear();
    }

    /** Streams whose opener has not yet said what it wants. [OPEN-1] */
    Deadlines<Inbound> heads() {
        return heads;
    }

    /** Streams that were refused and whose opener has not gone. [OPEN-3] */
    Deadlines<MuxStream> refused() {
        return refused;
    }

    /** Takes one of the places for opens that wait for their answer. [OPEN-12] */
    boolean reserveOpen(int limit) {
        if (pendingOpens >= limit) {
            return false;
        }
        pendingOpens++;
        roundTripNanos = mux.roundTripNanos();
        return true;
    }

    void releaseOpen() {
        pendingOpens--;
    }

    /** Whether it has told all its routes, so that it knows no way that we do not. Any thread. [ROUTE-13] */
    boolean isRouter() {
        return router;
    }

    void markRouter(boolean synced) {
        router = synced;
    }

    /** The smallest round trip when the last stream was opened to it; -1: unknown. Any thread. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    /** Opens that wait for their answer. */
    int pendingOpens() {
        return pendingOpens;
    }

    @Override
    public String toString() {
        return node + "#" + id;
    }
}
