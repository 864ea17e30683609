package dev.culvert.mux;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Pings of both sides. Owned by its session's event loop. [MUX-12]
 *
 * <p>One request of ours is on its way at a time; who asks meanwhile gets the answer to the next. Answers that we owe wait in
 * order, 64 at most.
 */
final class Pings {
    private static final int MOST_OWED = 64;
    /** A peer that waits for its answers never has more than one or two under way. */
    private static final int FEW_OWED = 2;

    private final RttEstimator rtt = new RttEstimator();
    private int[] owed = new int[FEW_OWED];
    private int firstOwed;
    private int owedCount;
    private List<LongConsumer> asking = new ArrayList<>(0);
    private List<LongConsumer> inFlight = new ArrayList<>(0);
    private boolean requested;
    private boolean underWay;
    private int value;
    private long sentNanos;

    /** Asks for a round trip. */
    void request(LongConsumer nanos) {
        asking.add(nanos);
        requested = true;
    }

    /** Asks for a sample, unless one is under way. */
    void probe() {
        requested |= !underWay;
    }

    /** Whether the last request of ours went out at least {@code nanos} ago. */
    boolean isStale(long nowNanos, long nanos) {
        return nowNanos - sentNanos >= nanos;
    }

    /** The peer asks. */
    void onRequest(int askedValue) throws ProtocolViolation {
        if (owedCount == MOST_OWED) {
            throw new ProtocolViolation(
                    "pings unanswered: more than " + MOST_OWED + " (expected: to read the answers)");
        }
        if (owedCount == owed.length) {
            growOwed();
        }
        owed[(firstOwed + owedCount++) % owed.length] = askedValue;
    }

    private void growOwed() {
        int[] more = new int[2 * owed.length];
        for (int i = 0; i < owedCount; i++) {
            more[i] = owed[(firstOwed + i) % owed.length];
        }
        owed = more;
        firstOwed = 0;
    }

    /** The peer answers. An answer to nothing is ignored. */
    void onAnswer(int answered, long nowNanos) {
        if (!underWay || answered != value) {
            return;
        }
        underWay = false;
        long nanos = Math.max(1, nowNanos - sentNanos);
        rtt.add(nowNanos, nanos);
        List<LongConsumer> told = inFlight;
        inFlight = new ArrayList<>(0);
        told.forEach(caller -> caller.accept(nanos));
    }

    boolean isDue() {
        return owedCount > 0 || requested && !underWay;
    }

    /** Writes what is due. */
    void emit(FrameBatch batch, Profile profile, long nowNanos) {
        while (owedCount > 0) {
            batch.header(profile, FrameHeader.typeAndFlags(FrameHeader.PING, FrameHeader.ACK), 0, owed[firstOwed]);
            firstOwed = (firstOwed + 1) % owed.length;
            owedCount--;
        }
        if (requested && !underWay) {
            requested = false;
            underWay = true;
            inFlight = asking;
            asking = new ArrayList<>(0);
            sentNanos = nowNanos;
            batch.header(profile, FrameHeader.typeAndFlags(FrameHeader.PING, FrameHeader.SYN), 0, ++value);
        }
    }

    /** The session is over: whoever waits is told so. */
    void fail() {
        List<LongConsumer> told = new ArrayList<>(inFlight);
        told.addAll(asking);
        inFlight = new ArrayList<>(0);
        asking = new ArrayList<>(0);
        told.forEach(caller -> caller.accept(-1));
    }

    /** Nanoseconds; -1 before the first answer. */
    long roundTripNanos(long nowNanos) {
        return rtt.minimum(nowNanos);
    }
}
