package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of what peers may send and what lies unread: each stream's window inside its session's. Owned by its session's
 * event loop. [MUX-4] [MUX-5] [MUX-20]
 */
final class InboundCredit {
    /**
     * Between two machines of which either is busy, a thread's turn comes after milliseconds, whatever the wire does: a window
     * tuned on less would hold a fast link at the speed of the scheduler.
     */
    private static final long SHORTEST_RTT_MICROS = 10_000;

    /** So much data between two samples of the round trip is worth the second. */
    private static final int BULK_BYTES = 16 * 1024;

    private final MuxSession session;

    private final SessionWindow window;
    private final int maxStreamWindow;
    /** Made when first needed. */
    private @Nullable LinkedHashSet<MuxStream> closedUnread;

    private long sinceProbe;

    InboundCredit(MuxSession session, SessionWindow window, int maxStreamWindow) {
        this.session = session;
        this.window = window;
        this.maxStreamWindow = maxStreamWindow;
    }

    SessionWindow window() {
        return window;
    }

    /** Whether enough data comes that the round trip should be known. */
    boolean isBulk() {
        return sinceProbe >= BULK_BYTES;
    }

    void probed() {
        sinceProbe = 0;
    }

    /** Data for a stream that is not, or no longer: it is thrown away as it comes. [MUX-11] */
    void receiveForNobody(long bytes, boolean control) throws ProtocolViolation {
        if (bytes > 0 && !isExempt(control)) {
            window.receive(bytes);
            window.discard(bytes);
            session.writer().sessionCreditDue();
        }
    }

    /** Data for an open stream. On one that is stopped it is thrown away, and a plain peer out of credit is reset. */
    void receive(MuxStream stream, long bytes) throws ProtocolViolation {
        if (!stream.window().receive(bytes)) {
            throw new ProtocolViolation("data on stream " + Integer.toUnsignedString(stream.id()) + ": " + bytes
                    + " bytes (expected: at most its credit of "
                    + stream.window().credit() + ")");
        }
        if (!isExempt(stream.isControl())) {
            window.receive(bytes);
            session.writer().sessionCreditDue();
            sinceProbe += bytes;
        }
        if (stream.isStopped()) {
            forsake(stream);
            if (!session.isExtended() && stream.window().credit() == 0) {
                stream.fail(ErrorCode.CANCELLED);
            }
        } else {
            session.timers().watchMemory();
        }
    }

    /** The application has used bytes of a stream, which may be over. */
    void consumed(MuxStream stream, int bytes) {
        int used = stream.window().consume(bytes);
        if (used == 0) {
            return;
        }
        long nowNanos = session.turnNanos();
        long nowMicros = nowNanos / 1000;
        long rttMicros = rttMicros(nowNanos);
        if (!isExempt(stream.isControl())) {
            window.consume(used, nowMicros, rttMicros);
            session.timers().memoryFreed();
            session.writer().sessionCreditDue();
        }
        if (stream.state() == StreamState.CLOSED) {
            settled(stream);
        } else {
            renew(stream, used, nowMicros, rttMicros);
        }
    }

    /** Nobody will use what is unread: the session has it back at once. */
    void forsake(MuxStream stream) {
        int bytes = stream.window().unread();
        if (bytes == 0) {
            return;
        }
        stream.window().consume(bytes);
        if (!isExempt(stream.isControl())) {
            window.discard(bytes);
            session.timers().memoryFreed();
            session.writer().sessionCreditDue();
        }
        settled(stream);
    }

    /** A stream ended in order while bytes of it are unread: they still count. */
    void closedWithUnread(MuxStream stream) {
        if (closedUnread == null) {
            closedUnread = new LinkedHashSet<>();
        }
        closedUnread.add(stream);
    }

    /** Every stream that has unread bytes, for the rule against slow consumers. */
    List<SlowConsumer.Holding<MuxStream>> holdings() {
        List<SlowConsumer.Holding<MuxStream>> holdings = new ArrayList<>();
        session.registry().forEach(stream -> addHolding(holdings, stream));
        if (closedUnread != null) {
            closedUnread.forEach(stream -> addHolding(holdings, stream));
        }
        return holdings;
    }

    private void addHolding(List<SlowConsumer.Holding<MuxStream>> holdings, MuxStream stream) {
        if (stream.unread() > 0 && !isExempt(stream.isControl())) {
            Object party = stream.party();
            holdings.add(new SlowConsumer.Holding<>(stream, party == null ? session : party, stream.unread()));
        }
    }

    private void renew(MuxStream stream, int used, long nowMicros, long rttMicros) {
        if (!stream.state().mayReceive() || stream.isStopped()) {
            return;
        }
        ReceiveWindow own = stream.window();
        if (session.isExtended() && !stream.isControl()) {
            own.resize(Math.min(maxStreamWindow, own.wantedSize(used, 0, nowMicros, rttMicros)));
        }
        if (own.isUpdateDue() && !stream.creditDue) {
            stream.creditDue = true;
            session.writer().list(stream);
        }
    }

    private void settled(MuxStream stream) {
        if (closedUnread != null && stream.unread() == 0) {
            closedUnread.remove(stream);
        }
    }

    private boolean isExempt(boolean control) {
        return control && session.isExtended();
    }

    private long rttMicros(long nowNanos) {
        long nanos = session.roundTripNanos(nowNanos);
        return nanos < 0 ? ReceiveWindow.UNKNOWN_RTT : Math.max(SHORTEST_RTT_MICROS, nanos / 1000);
    }
}
