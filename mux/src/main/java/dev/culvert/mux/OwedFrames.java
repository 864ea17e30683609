package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames without payload that are owed to the peer, which overtake data: pongs, credit, SYN, ACK, FIN, RST and STOP. Owned by its
 * session's event loop. [MUX-19]
 *
 * <p>What waits here is bounded by the state of streams, not by the number of events: a stream is listed at most once, whatever it
 * owes.
 */
final class OwedFrames {
    /** Refusals of SYNs that the peer was told not to send; it does not read them if this many wait. */
    private static final int MOST_REFUSALS = 4096;

    private final MuxSession session;
    private final Channel channel;
    private final Pings pings;
    private final FrameBatch batch;
    private final Backlog<MuxStream> listed = new Backlog<>();
    private final Backlog<MuxStream> opening = new Backlog<>();
    private final Backlog<Abort> aborts = new Backlog<>();
    private int refusals;
    private boolean sessionCreditDue;

    /** RST or STOP that is due; {@code stream} is null for one that was refused at its SYN. */
    private record Abort(@Nullable MuxStream stream, int id, int flag, int code) {}

    OwedFrames(MuxSession session, Channel channel, Pings pings, FrameBatch batch) {
        this.session = session;
        this.channel = channel;
        this.pings = pings;
        this.batch = batch;
    }

    /** A stream owes SYN, ACK, credit or FIN: which, its state says when its turn comes. */
    void list(MuxStream stream) {
        if (!stream.listed) {
            stream.listed = true;
            listed.add(stream);
        }
    }

    void reset(MuxStream stream, int code) {
        stream.abortDue = true;
        aborts.add(new Abort(stream, stream.id(), FrameHeader.RST, code));
    }

    /** Profile X only. */
    void stop(MuxStream stream, int code) {
        aborts.add(new Abort(stream, stream.id(), FrameHeader.STOP, code));
    }

    void refuse(int id, ErrorCode code) throws ProtocolViolation {
        if (++refusals > MOST_REFUSALS) {
            throw new ProtocolViolation("refused streams: " + refusals + " (expected: to read the refusals)");
        }
        aborts.add(new Abort(null, id, FrameHeader.RST, code.number()));
    }

    /** The session window may owe credit; returns whether it is due anew. */
    boolean sessionCredit() {
        boolean anew = !sessionCreditDue && session.credit().window().isUpdateDue();
        sessionCreditDue |= anew;
        return anew;
    }

    /** Whether anything waits for a turn. */
    boolean isDue() {
        return pings.isDue() || sessionCreditDue || !listed.isEmpty() || !aborts.isEmpty();
    }

    /** Visits the streams whose SYN may not have left. */
    void forEachUnborn(Consumer<MuxStream> visitor) {
        listed.snapshot().forEach(visitor);
        opening.snapshot().forEach(visitor);
    }

    /**
     * Writes all that is due, while the transport takes it.
     *
     * @param dataMayGo streams with data are opened by it, and not before
     */
    void emit(boolean dataMayGo) {
        if (!channel.isWritable()) {
            return;
        }
        if (pings.isDue()) {
            pings.emit(batch, session.profileInForce(), session.nowNanos());
        }
        if (sessionCreditDue) {
            sessionCreditDue = false;
            update(0, 0, session.credit().window().grant());
        }
        for (MuxStream stream = next(listed); stream != null; stream = next(listed)) {
            emitListed(stream, dataMayGo);
        }
        for (Abort abort = next(aborts); abort != null; abort = next(aborts)) {
            emitAbort(abort);
        }
    }

    private <T> @Nullable T next(Backlog<T> backlog) {
        return channel.isWritable() ? backlog.poll() : null;
    }

    private void emitListed(MuxStream stream, boolean dataMayGo) {
        stream.listed = false;
        if (stream.state() == StreamState.OPENING) {
            if (stream.outbox() != null && dataMayGo) {
                opening.add(stream);
                return;
            }
            emitSyn(stream);
        }
        int flags = 0;
        if (stream.ackDue) {
            stream.ackDue = false;
            flags = owe(stream, FrameHeader.ACK, 0);
        }
        int bytes = 0;
        if (stream.creditDue) {
            stream.creditDue = false;
            bytes = stream.state().mayReceive() ? stream.window().grant() : 0;
            flags = bytes == 0 ? flags : owe(stream, flags, bytes);
        }
        finishListed(stream, flags, session.isExtended() ? bytes : 0);
        session.registry().maybeRelease(stream);
    }

    /** Towards a plain peer one thing at a time: writes it. Else leaves it to be merged. */
    private int owe(MuxStream stream, int flags, int bytes) {
        if (session.isExtended()) {
            return flags;
        }
        update(flags, stream.id(), bytes);
        return 0;
    }

    private void finishListed(MuxStream stream, int flags, int bytes) {
        boolean finish = stream.isFinishing()
                && stream.outbox() == null
                && stream.state().maySend();
        int all = finish ? flags | FrameHeader.FIN : flags;
        if (all != 0 || bytes != 0) {
            update(all, stream.id(), bytes);
        }
        if (finish) {
            stream.finSent();
        }
    }

    private void emitSyn(MuxStream stream) {
        session.registry().synSent(stream);
        update(FrameHeader.SYN, stream.id(), 0);
    }

    /** Streams whose data cannot go yet are opened all the same. */
    void openWithoutData() {
        for (MuxStream stream = next(opening); stream != null; stream = next(opening)) {
            if (stream.state() == StreamState.OPENING) {
                emitSyn(stream);
            }
        }
    }

    private void emitAbort(Abort abort) {
        MuxStream stream = abort.stream;
        if (stream == null) {
            refusals--;
        } else if (stream.state() == StreamState.OPENING) {
            emitSyn(stream);
        }
        int id = stream == null ? abort.id : stream.id();
        if (id != 0) {
            update(abort.flag, id, session.isExtended() ? abort.code : 0);
        }
        if (stream != null && abort.flag == FrameHeader.RST) {
            stream.abortDue = false;
            session.registry().maybeRelease(stream);
        }
    }

    private void update(int flags, int id, int length) {
        int typeAndFlags = FrameHeader.typeAndFlags(FrameHeader.WINDOW_UPDATE, flags);
        batch.header(session.profileInForce(), typeAndFlags, id, length);
    }
}
