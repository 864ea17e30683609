package dev.culvert.mux;

/**
 * What the peer may still send in one direction, what it sent and nobody has used yet, and how large their sum should be.
 * Owned by its session's event loop. Pure. [MUX-20]
 *
 * <p>Credit that was used returns when half the window is owed, or a quarter if it is large. The size follows the demand: once per round trip it may
 * double, up to twice what was used up in that round trip. Only a peer that keeps running out of credit *and* an
 * application that drains can move that much, so neither alone makes a window grow.
 */
final class ReceiveWindow {
    /** Above this a half would leave the sender too little for a long line, and updates are rare anyway. */
    private static final int LARGE = 256 * 1024;

    static final long UNKNOWN_RTT = Long.MAX_VALUE;

    private int size;
    private int credit;
    private int unread;
    private int roundBytes;
    private int roundStartMicros;

    ReceiveWindow(int size) {
        this.size = size;
        this.credit = size;
    }

    /** Bytes are coming; false if the peer had no credit for them. */
    boolean receive(long bytes) {
        if (bytes > credit) {
            return false;
        }
        credit -= (int) bytes;
        unread += (int) bytes;
        return true;
    }

    /** The application has used {@code bytes}. Returns what was accepted: never more than is unread. */
    int consume(int bytes) {
        int used = Math.min(bytes, unread);
        unread -= used;
        return used;
    }

    /**
     * What the window should be after {@code bytes} were used, beside {@code reserved} bytes that do not move. A whole window used
     * within a round trip doubles it at once; else the round trip is seen to its end.
     *
     * @param rttMicros {@link #UNKNOWN_RTT} before the first measurement
     */
    int wantedSize(int bytes, int reserved, long nowMicros, long rttMicros) {
        if (rttMicros == UNKNOWN_RTT) {
            return size;
        }
        int elapsed = (int) nowMicros - roundStartMicros;
        long wanted = 0;
        if (roundBytes == 0 || elapsed < 0 || elapsed >= rttMicros) {
            wanted = elapsed > 0 ? reserved + 2 * (roundBytes * rttMicros / elapsed) : 0;
            roundStartMicros = (int) nowMicros;
            roundBytes = 0;
        }
        roundBytes = (int) Math.min(Integer.MAX_VALUE, (long) roundBytes + bytes);
        if (roundBytes >= size) {
            roundBytes = 0;
            wanted = 2L * size;
        }
        return (int) Math.max(size, Math.min(2L * size, wanted));
    }

    /** Makes the window larger; the peer hears of it with the next update. */
    void resize(int newSize) {
        size = Math.max(size, newSize);
    }

    /** What the next update should say. */
    int owed() {
        return size - credit - unread;
    }

    /** Whether enough is owed to be worth an update: half of a small window, a quarter of a large one. */
    boolean isUpdateDue() {
        return owed() >= (size > LARGE ? size / 4 : size / 2);
    }

    /** The bytes of an update that is being sent. */
    int grant() {
        int bytes = owed();
        credit += bytes;
        return bytes;
    }

    int size() {
        return size;
    }

    int credit() {
        return credit;
    }

    int unread() {
        return unread;
    }
}
