package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ordered byte stream in a session. Owned by its session's event loop: every method must be called there, from inside
 * callbacks too. Once the stream is over, every method is harmless.
 *
 * <p>There may be millions of these, so an idle stream is this object, its window and a slot in a table.
 */
public final class MuxStream {
    private static final Logger LOG = LoggerFactory.getLogger(MuxStream.class);

    private final MuxSession session;
    private final ReceiveWindow window;
    private StreamHandler handler;
    private StreamState state;
    private @Nullable Object party;
    private @Nullable Outbox outbox;
    private int id;
    private int credit;
    private final boolean inbound;
    private final boolean control;
    private boolean unacknowledged;
    private boolean finishing;
    private boolean stopped;
    private boolean peerStopped;
    private boolean held;
    private boolean countedOut;

    /** What the writer owes the peer for this stream; the writer's own. */
    boolean ackDue;

    boolean creditDue;
    boolean listed;
    boolean abortDue;

    private MuxStream(MuxSession session, StreamHandler handler, int windowSize, int id, boolean control) {
        this.session = session;
        this.handler = handler;
        this.window = new ReceiveWindow(windowSize);
        this.state = id == 0 ? StreamState.WAITING : StreamState.OPEN;
        this.id = id;
        this.inbound = id != 0;
        this.control = control;
    }

    /** A stream that we open; it gets its id when SYN leaves. */
    static MuxStream outbound(MuxSession session, StreamHandler handler, int windowSize, boolean control) {
        return new MuxStream(session, handler, windowSize, 0, control);
    }

    /** A stream that the peer has opened, and nobody has claimed yet. */
    static MuxStream inbound(MuxSession session, int windowSize, int id, boolean control) {
        MuxStream stream = new MuxStream(session, UnclaimedStream.HANDLER, windowSize, id, control);
        stream.ackDue = true;
        return stream;
    }

    public MuxSession session() {
        return session;
    }

    /** The id on the wire; 0 until SYN leaves, since ids must rise in the order of SYNs. Then it stays. */
    public int id() {
        return id;
    }

    /** Replaces the handler, for example once the head of the stream is parsed. */
    public void handler(StreamHandler newHandler) {
        assert session.loop().inEventLoop();
        handler = newHandler;
    }

    StreamHandler handler() {
        return handler;
    }

    /**
     * The party that this stream's bytes are accounted to, for fair turns and for the memory rule on links that carry many
     * parties. Compared with {@code equals}; the session itself by default.
     */
    public void party(Object newParty) {
        assert session.loop().inEventLoop();
        party = newParty;
        if (outbox != null && outbox.turn.isWaiting()) {
            session.writer().moveToParty(this, outbox);
        }
    }

    @Nullable
    Object party() {
        return party;
    }

    /**
     * Queues bytes and takes ownership of them; they leave when the link pulls them. The caller bounds what it queues by
     * {@link #queued()} and {@link StreamHandler#onWritten}. Released silently when the peer stopped or the stream is over.
     *
     * @throws IllegalStateException after {@link #finish()}; the bytes are released
     */
    public void write(ByteBuf data) {
        assert session.loop().inEventLoop();
        if (state == StreamState.CLOSED || peerStopped || !data.isReadable()) {
            data.release();
            return;
        }
        if (finishing) {
            data.release();
            throw new IllegalStateException("write on stream " + id + " after finish (expected: write before it)");
        }
        Outbox out = outbox;
        if (out != null) {
            out.add(data);
            return;
        }
        out = new Outbox(this);
        out.add(data);
        outbox = out;
        if (state != StreamState.WAITING && credit != 0) {
            session.writer().ready(this, out, true);
        }
        session.timers().stallWatch(this);
    }

    /** Payload bytes that were written and have not left for the transport. */
    public int queued() {
        return outbox == null ? 0 : outbox.bytes();
    }

    /** Half-close: FIN follows what is queued. Idempotent. */
    public void finish() {
        assert session.loop().inEventLoop();
        if (finishing || state == StreamState.CLOSED) {
            return;
        }
        finishing = true;
        if (outbox == null && state != StreamState.WAITING) {
            session.writer().list(this);
        }
    }

    /** Abort: purges the queue, tells the peer, forgets the stream. The handler hears nothing more. Idempotent. */
    public void reset(int code) {
        assert session.loop().inEventLoop();
        if (state == StreamState.CLOSED) {
            session.credit().forsake(this);
            return;
        }
        if (!state.isUnborn()) {
            session.writer().abort(this, code);
        }
        abandon();
    }

    /**
     * We will not read any more; the peer's writer learns the code (profile X; in Y bytes are discarded, then the stream is
     * reset). What {@link StreamHandler#onData} delivered counts as used. A peer that has not finished after 30 s is reset.
     */
    public void stop(int code) {
        assert session.loop().inEventLoop();
        if (stopped) {
            return;
        }
        stopped = true;
        session.credit().forsake(this);
        if (state != StreamState.CLOSED && state != StreamState.PEER_FINISHED) {
            session.writer().stop(this, code);
            session.timers().stopping(this);
        }
    }

    /**
     * {@code bytes} that {@link StreamHandler#onData} delivered have been used up: the peer may get its credit back. More than
     * is unread counts as all.
     */
    public void consumed(int bytes) {
        assert session.loop().inEventLoop();
        session.credit().consumed(this, bytes);
    }

    /** Bytes that were delivered and not yet {@link #consumed}. */
    public int unread() {
        return window.unread();
    }

    /**
     * Says that this stream, if the peer resets it, still causes work here (a connection being made, a request being
     * answered): until {@link #releaseWork()} it counts against the number of streams that the peer may open. [MUX-15]
     */
    public void holdWork() {
        assert session.loop().inEventLoop();
        held = true;
    }

    /** The work that {@link #holdWork()} spoke of is done. Idempotent. */
    public void releaseWork() {
        assert session.loop().inEventLoop();
        if (held) {
            held = false;
            session.registry().maybeRelease(this);
        }
    }

    /** Neither open nor working any more: the peer may open another in its place. */
    boolean isReleased() {
        return state == StreamState.CLOSED && !held && !listed && !abortDue;
    }

    /** Whether this is the first time that the stream is counted out. */
    boolean countOut() {
        boolean first = !countedOut;
        countedOut = true;
        return first;
    }

    StreamState state() {
        return state;
    }

    ReceiveWindow window() {
        return window;
    }

    boolean isInbound() {
        return inbound;
    }

    /** The link's control stream: outside the session window, the limits and the count of streams. */
    boolean isControl() {
        return control;
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isFinishing() {
        return finishing;
    }

    @Nullable
    Outbox outbox() {
        return outbox;
    }

    /** Bytes that the peer lets us send. */
    long credit() {
        return Integer.toUnsignedLong(credit);
    }

    void spend(int bytes) {
        credit -= bytes;
    }

    /** What was queued has left. */
    void outboxEmpty() {
        outbox = null;
    }

    /** The peer's limits permit the open: SYN leaves with the first bytes or at the end of this turn. */
    void permitted(int initialCredit) {
        become(state.permitted());
        credit = initialCredit;
        Outbox out = outbox;
        if (out != null && credit != 0) {
            session.writer().ready(this, out, true);
        }
        session.writer().list(this);
    }

    void synSent(int newId) {
        id = newId;
        unacknowledged = !control;
        become(state.synSent());
    }

    void finSent() {
        become(state.finSent());
        if (state == StreamState.CLOSED) {
            closed();
        }
    }

    /** Some frame came for this stream: the peer knows it. */
    void acknowledged() {
        if (unacknowledged) {
            unacknowledged = false;
            session.registry().acknowledged();
        }
    }

    /** The peer gives credit. */
    void onCredit(int more) throws ProtocolViolation {
        long sum = credit() + Integer.toUnsignedLong(more);
        if (sum > 0xffff_ffffL) {
            throw new ProtocolViolation("credit of stream " + Integer.toUnsignedString(id) + ": " + sum
                    + " (expected: at most 4294967295)");
        }
        boolean wasBlocked = credit == 0;
        credit = (int) sum;
        Outbox out = outbox;
        if (wasBlocked && out != null && sum > 0) {
            session.writer().ready(this, out, false);
        }
        session.timers().stallOver(this);
    }

    void onPeerFinish() throws ProtocolViolation {
        if (!state.mayReceive()) {
            throw new ProtocolViolation("FIN on stream " + Integer.toUnsignedString(id) + " (expected: one at most)");
        }
        become(state.peerFinished());
        session.timers().stopOver(this);
        session.timers().stallWatch(this);
        creditDue = false;
        StreamCallbacks.finish(this);
        if (state == StreamState.CLOSED) {
            closed();
        }
    }

    void onPeerReset(int code) {
        ackDue = false;
        abandon();
        StreamCallbacks.reset(this, code);
    }

    void onPeerStop(int code) {
        if (peerStopped || state == StreamState.CLOSED || state == StreamState.FINISHED) {
            return;
        }
        peerStopped = true;
        purge();
        finishing = true;
        session.writer().list(this);
        StreamCallbacks.stop(this, code);
    }

    /** Ends without a word to the peer, and tells the owner. */
    void lose(int code) {
        if (state != StreamState.CLOSED) {
            abandon();
            StreamCallbacks.reset(this, code);
        }
    }

    /** Ends by the session's own rules: both sides are told. */
    void fail(ErrorCode code) {
        if (state != StreamState.CLOSED) {
            reset(code.number());
            StreamCallbacks.reset(this, code.number());
        }
    }

    private void closed() {
        session.registry().forget(this);
        StreamCallbacks.closed(this);
    }

    private void abandon() {
        purge();
        session.credit().forsake(this);
        boolean wasWaiting = state == StreamState.WAITING;
        boolean wasOpening = state == StreamState.OPENING;
        become(state.aborted());
        session.registry().abandoned(this, wasWaiting, wasOpening);
    }

    private void purge() {
        Outbox out = outbox;
        if (out != null) {
            session.writer().withdraw(out);
            out.purge();
            outbox = null;
        }
    }

    private void become(StreamState next) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} stream {}: {} -> {}", session, Integer.toUnsignedString(id), state, next);
        }
        state = next;
    }
}
