package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which streams a session has, who may open more, and which opens wait. Owned by its session's event loop. [MUX-2] [MUX-13]
 */
final class StreamRegistry {
    /** A sixteenth of all: time enough to dial a fresh session. */
    private static final long IDS_LOW = 1L << 27;

    private final MuxSession session;
    private final StreamTable table = new StreamTable();
    private final OpenPermits permits = new OpenPermits();
    private final IdSequence ids;
    private final Backlog<MuxStream> waiting = new Backlog<>();
    private int inbound;
    private int inboundLimit;
    private long highestPeerId;
    private @Nullable PeerParameters peer;
    private boolean peerLeaving;
    private boolean idsLowSaid;
    private boolean ended;

    StreamRegistry(MuxSession session, IdSequence ids) {
        this.session = session;
        this.ids = ids;
    }

    /** Both the peer's parameters and the profile are known: opens may go. */
    void establish(PeerParameters parameters) {
        peer = parameters;
        inboundLimit = session.inboundLimit();
        permits.limits(parameters.maxStreams(), session.profileInForce());
        permitWaiting();
    }

    MuxStream openControl(StreamHandler handler) {
        if (ids.wasUsed(MuxSession.CONTROL_ID) == session.isExtended() && count() == 0) {
            if (!session.isExtended() && ids.reserve()) {
                ids.take();
            }
            MuxStream stream = MuxStream.outbound(session, handler, session.windowOf(true), true);
            stream.permitted(session.windowOf(true));
            return stream;
        }
        throw new IllegalStateException("control stream: not the first (expected: to open it before any other)");
    }

    MuxStream open(StreamHandler handler) throws MuxException {
        refuseIfLeaving();
        if (session.profile() == null) {
            throw new MuxException(ErrorCode.BUSY, "session: the peer has not spoken yet (expected: its first frame)");
        }
        MuxStream stream = MuxStream.outbound(session, handler, session.windowOf(false), false);
        if (!ids.reserve()) {
            throw new MuxException(ErrorCode.DRAINING, "stream ids: none left (expected: dial on a fresh session)");
        }
        maybeSayIdsLow();
        PeerParameters known = peer;
        if (known != null && waiting.isEmpty() && permits.tryOpen()) {
            stream.permitted(session.windowAt(known));
        } else if (waiting.size() < session.options().maxPendingOpens()) {
            waiting.add(stream);
        } else {
            ids.cancel();
            throw new MuxException(
                    ErrorCode.BUSY, "opens that wait: " + waiting.size() + " (expected: fewer; try again later)");
        }
        return stream;
    }

    /** SYN of {@code stream} leaves now. */
    void synSent(MuxStream stream) {
        stream.synSent(stream.isControl() ? MuxSession.CONTROL_ID : ids.take());
        table.put(stream);
    }

    /** The peer opens a stream; {@code null} if it is refused. */
    @Nullable
    MuxStream accept(int id, int moreCredit) throws ProtocolViolation {
        checkPeerId(id);
        ErrorCode refusal = refusal(id);
        if (refusal != null) {
            session.writer().refuse(id, refusal);
            return null;
        }
        PeerParameters known = peer;
        boolean control = id == MuxSession.CONTROL_ID && (known == null || session.isExtended());
        int credit = known == null || control ? session.windowOf(true) : session.windowAt(known);
        MuxStream stream = MuxStream.inbound(session, session.windowOf(control), id, control);
        stream.onCredit(credit);
        stream.onCredit(moreCredit);
        table.put(stream);
        if (!stream.isControl()) {
            inbound++;
        }
        session.writer().list(stream);
        session.claim(stream);
        return stream;
    }

    @Nullable
    MuxStream find(int id) {
        return table.get(id);
    }

    /** Streams open in both directions, those that wait included, control excluded. */
    int count() {
        return ended ? 0 : permits.open() + waiting.size() + inbound;
    }

    void forEach(Consumer<MuxStream> visitor) {
        table.forEach(visitor);
    }

    void acknowledged() {
        permits.acknowledged();
        permitWaiting();
    }

    /** A stream has ended in order. */
    void forget(MuxStream stream) {
        if (stream.unread() > 0) {
            session.credit().closedWithUnread(stream);
        }
        leave(stream, false);
    }

    /** A stream was aborted, perhaps before the peer heard of it. */
    void abandoned(MuxStream stream, boolean wasWaiting, boolean wasOpening) {
        if (wasWaiting) {
            waiting.remove(stream);
            ids.cancel();
            session.maybeDrained();
            return;
        }
        if (wasOpening && !stream.isControl()) {
            ids.cancel();
            permits.acknowledged();
        }
        leave(stream, wasOpening);
    }

    /** Counts a peer's stream out, once nothing of it is left. */
    void maybeRelease(MuxStream stream) {
        if (stream.isInbound() && !stream.isControl() && stream.isReleased() && stream.countOut()) {
            inbound--;
            session.maybeDrained();
        }
    }

    /** The peer takes no more: opens that wait will never go. */
    void peerLeaves() {
        peerLeaving = true;
        loseWaiting(ErrorCode.DRAINING);
    }

    boolean isPeerLeaving() {
        return peerLeaving;
    }

    /** We take no more: opens that wait will never go. */
    void refuseWaiting() {
        loseWaiting(ErrorCode.DRAINING);
    }

    /** The session is over: every stream is told. */
    void loseAll() {
        loseWaiting(ErrorCode.LINK_LOST);
        table.forEach(stream -> stream.lose(ErrorCode.LINK_LOST.number()));
        session.writer().forEachUnborn(stream -> stream.lose(ErrorCode.LINK_LOST.number()));
        ended = true;
    }

    private void loseWaiting(ErrorCode code) {
        for (MuxStream stream = waiting.last(); stream != null; stream = waiting.last()) {
            stream.lose(code.number());
        }
    }

    private void leave(MuxStream stream, boolean unborn) {
        session.timers().forget(stream);
        if (!unborn) {
            table.remove(stream.id());
        }
        if (stream.isInbound()) {
            maybeRelease(stream);
        } else if (!stream.isControl()) {
            stream.acknowledged();
            permits.closed();
            permitWaiting();
            session.maybeDrained();
        }
    }

    private void permitWaiting() {
        PeerParameters known = peer;
        while (known != null && !waiting.isEmpty() && permits.tryOpen()) {
            MuxStream first = waiting.poll();
            if (first != null) {
                first.permitted(session.windowAt(known));
            }
        }
    }

    private void refuseIfLeaving() throws MuxException {
        if (session.isOver()) {
            throw new MuxException(ErrorCode.LINK_LOST, "session: over (expected: dial on another)");
        }
        if (peerLeaving || session.isDraining()) {
            throw new MuxException(ErrorCode.DRAINING, "session: draining (expected: dial on another)");
        }
    }

    private void checkPeerId(int id) throws ProtocolViolation {
        if (id == 0 || !session.isPeerId(id)) {
            throw new ProtocolViolation(
                    "SYN on stream " + Integer.toUnsignedString(id) + " (expected: an id of the side that opens)");
        }
        long unsigned = Integer.toUnsignedLong(id);
        if (table.get(id) != null || session.isExtended() && unsigned <= highestPeerId) {
            throw new ProtocolViolation("SYN on stream " + unsigned + " (expected: an id above " + highestPeerId + ")");
        }
        highestPeerId = Math.max(highestPeerId, unsigned);
        if (peer == null && id != MuxSession.CONTROL_ID) {
            throw new ProtocolViolation("SYN on stream " + unsigned + " (expected: none before the handshake ends)");
        }
    }

    private @Nullable ErrorCode refusal(int id) {
        if (id == MuxSession.CONTROL_ID && peer == null) {
            return null;
        }
        if (session.isDraining()) {
            return ErrorCode.DRAINING;
        }
        return inbound >= inboundLimit ? ErrorCode.BUSY : null;
    }

    private void maybeSayIdsLow() {
        if (!idsLowSaid && ids.remaining() < IDS_LOW) {
            idsLowSaid = true;
            session.sayIdsLow();
        }
    }
}
