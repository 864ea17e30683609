package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.channel.Channel;
import java.util.function.Consumer;

/**
 * Everything that a session sends. Owned by its session's event loop. [MUX-19] [MUX-24]
 *
 * <p>A pull model: bytes stay with their streams, frames are made while the transport takes them, header-only frames first, and
 * what has been made in one turn of the loop is flushed once.
 */
final class FrameWriter {
    private static final int QUANTUM = 16 * 1024;
    /** With a header it fills one TLS record. */
    private static final int TLS_QUANTUM = QUANTUM - FrameHeader.LENGTH;

    private static final int FAST_QUANTUM = 64 * 1024;

    private final MuxSession session;
    private final Channel channel;
    private final FrameBatch batch;
    private final OwedFrames owed;
    private final TransportTuning transport;
    private final SendScheduler<MuxStream> scheduler = new SendScheduler<>();
    private final Runnable turn = this::scheduledTurn;
    private final boolean tls;
    private int maxFrame = FAST_QUANTUM;
    private long sessionCredit;
    private boolean turnDue;
    private boolean filling;
    private boolean flushing;
    /** The code of a GoAway that was sent already. */
    private int announced = -1;

    FrameWriter(MuxSession session, Channel channel, Pings pings) {
        this.session = session;
        this.channel = channel;
        this.batch = new FrameBatch(channel);
        this.owed = new OwedFrames(session, channel, pings, batch);
        this.transport = new TransportTuning(channel, session.nowNanos());
        this.tls = transport.isEncrypted();
    }

    /** What the peer takes. */
    void establish(PeerParameters peer) {
        maxFrame = Math.min(FAST_QUANTUM, peer.maxFrame());
        sessionCredit = session.isExtended() ? sessionCredit + peer.sessionWindow() : Long.MAX_VALUE;
        requestTurn();
    }

    /** How long the transport may wait for a silent peer. */
    void patience(long millis) {
        transport.patience(millis);
    }

    void onSessionCredit(long more) throws ProtocolViolation {
        sessionCredit += more;
        if (sessionCredit > 0xffff_ffffL) {
            throw new ProtocolViolation("session credit: " + sessionCredit + " (expected: at most 4294967295)");
        }
        requestTurn();
    }

    /** A stream has bytes and credit. */
    void ready(MuxStream stream, Outbox outbox, boolean fresh) {
        if (!outbox.turn.isWaiting()) {
            if (stream.isControl()) {
                scheduler.addControl(outbox.turn);
            } else {
                scheduler.add(outbox.turn, stream.party(), fresh);
            }
        }
        requestTurn();
    }

    void moveToParty(MuxStream stream, Outbox outbox) {
        scheduler.remove(outbox.turn);
        ready(stream, outbox, true);
    }

    void withdraw(Outbox outbox) {
        scheduler.remove(outbox.turn);
    }

    /** A stream owes a frame without payload: SYN, ACK, credit or FIN. */
    void list(MuxStream stream) {
        owed.list(stream);
        requestTurn();
    }

    void abort(MuxStream stream, int code) {
        owed.reset(stream, code);
        requestTurn();
    }

    /** Profile X says so at once; a plain peer is reset once it has used up its credit. */
    void stop(MuxStream stream, int code) {
        if (session.isExtended()) {
            owed.stop(stream, code);
            requestTurn();
        }
    }

    void refuse(int id, ErrorCode code) throws ProtocolViolation {
        owed.refuse(id, code);
        requestTurn();
    }

    void sessionCreditDue() {
        if (owed.sessionCredit()) {
            requestTurn();
        }
    }

    /** Sends what can be sent, once, at the end of this turn of the loop. */
    void requestTurn() {
        if (!turnDue && !filling) {
            turnDue = true;
            session.loop().execute(turn);
        }
    }

    private void scheduledTurn() {
        if (turnDue) {
            takeTurn();
        }
    }

    /**
     * Sends what can be sent, now. Not inside a flush: over an in-memory channel the peer reads and answers within ours, and Netty does not
     * pass on what is flushed inside a flush.
     */
    void takeTurn() {
        if (filling) {
            return;
        }
        if (flushing) {
            requestTurn();
            return;
        }
        turnDue = false;
        if (session.isOver() || session.profile() == null) {
            return;
        }
        try {
            boolean full = fill();
            flush();
            observe(full);
            session.maybeDrained();
        } catch (RuntimeException | Error thrown) {
            session.failed(thrown);
        }
    }

    /** The last frames of a session: what it owes, what control has written, then GoAway; if the transport takes them. */
    void leave(int code) {
        if (session.profile() != null && channel.isWritable()) {
            owed.emit(sessionCredit > 0);
            for (MuxStream stream = scheduler.nextControl(); stream != null; stream = scheduler.nextControl()) {
                sendTurn(stream);
            }
            if (code != announced) {
                header(FrameHeader.GO_AWAY, 0, 0, code);
            }
            batch.end();
        }
        flush();
    }

    private void flush() {
        if (flushing) {
            requestTurn();
            return;
        }
        flushing = true;
        try {
            batch.flush();
        } finally {
            flushing = false;
        }
    }

    /** GoAway(0) while streams go on: the peer opens no more. */
    void announceDrain() {
        announced = ErrorCode.OK.number();
        header(FrameHeader.GO_AWAY, 0, 0, announced);
        batch.end();
        flush();
    }

    /** Visits the streams whose SYN may not have left. */
    void forEachUnborn(Consumer<MuxStream> visitor) {
        owed.forEachUnborn(visitor);
    }

    /** Makes frames while there are any; returns whether it stopped because a flush is full. */
    private boolean fill() {
        filling = true;
        boolean full = false;
        try {
            owed.emit(sessionCredit > 0);
            while (channel.isWritable() && !full) {
                MuxStream stream = sessionCredit > 0 ? scheduler.next() : scheduler.nextControl();
                if (stream == null) {
                    break;
                }
                sendTurn(stream);
                owed.emit(sessionCredit > 0);
                // a handler below us (TLS, WebSocket) may count nothing before it is flushed
                full = batch.unflushedBytes() >= transport.bound();
            }
            owed.openWithoutData();
        } finally {
            batch.end();
            filling = false;
        }
        return full;
    }

    private void observe(boolean full) {
        boolean writable = channel.isWritable();
        long now = session.nowNanos();
        if (full || !writable) {
            transport.blocked(now, session.roundTripNanos(now));
        } else {
            transport.idle(now, session.roundTripNanos(now));
        }
        // more to send, or a callback asked for a frame when its kind had been written already
        if (writable && (full || owed.isDue())) {
            requestTurn();
        }
    }

    private void sendTurn(MuxStream stream) {
        Outbox outbox = stream.outbox();
        if (outbox == null) {
            return;
        }
        int left = quantum();
        int sent = 0;
        boolean finished = false;
        while (left > 0 && outbox.bytes() > 0) {
            long allowed = stream.isControl() ? stream.credit() : Math.min(stream.credit(), sessionCredit);
            int bytes = (int) Math.min(Math.min(allowed, outbox.bytes()), Math.min(left, maxFrame));
            if (bytes == 0) {
                break;
            }
            finished = sendData(stream, outbox, bytes);
            left -= bytes;
            sent += bytes;
        }
        transport.sent(sent);
        if (sent > 0) {
            StreamCallbacks.written(stream, sent);
        }
        if (finished && stream.state().maySend()) {
            stream.outboxEmpty();
            stream.finSent();
        } else if (stream.outbox() == outbox) {
            afterTurn(stream, outbox);
        }
    }

    /** Sends one frame of data; returns whether FIN went with it. */
    private boolean sendData(MuxStream stream, Outbox outbox, int bytes) {
        int flags = 0;
        if (stream.state() == StreamState.OPENING) {
            session.registry().synSent(stream);
            flags = FrameHeader.SYN;
        }
        boolean finish = session.isExtended() && stream.isFinishing() && bytes == outbox.bytes();
        header(FrameHeader.DATA, finish ? flags | FrameHeader.FIN : flags, stream.id(), bytes);
        outbox.moveTo(batch, bytes);
        stream.spend(bytes);
        if (!stream.isControl()) {
            sessionCredit -= bytes;
        }
        return finish;
    }

    private void afterTurn(MuxStream stream, Outbox outbox) {
        if (outbox.bytes() == 0) {
            stream.outboxEmpty();
            if (stream.isFinishing()) {
                list(stream);
            }
        } else if (stream.credit() == 0) {
            session.timers().stallWatch(stream);
        } else if (stream.isControl()) {
            scheduler.addControl(outbox.turn);
        } else {
            scheduler.add(outbox.turn, stream.party(), false);
        }
    }

    private int quantum() {
        if (tls) {
            return TLS_QUANTUM;
        }
        return transport.isFast() ? FAST_QUANTUM : QUANTUM;
    }

    private void header(int type, int flags, int id, int length) {
        batch.header(session.profileInForce(), FrameHeader.typeAndFlags(type, flags), id, length);
    }
}
