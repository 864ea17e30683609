package dev.culvert.link;

/** How long control messages of ours have waited for the peer to read. Owned by its session's event loop; pure. [CTRL-1] */
final class UnreadControl {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int MOST_BYTES = 1 << 20;

    private int bytes;
    private long sinceNanos;

    void onQueued(int count, long nowNanos) {
        if (bytes == 0) {
            sinceNanos = nowNanos;
        }
        bytes += count;
    }

    void onWritten(int count, long nowNanos) {
        bytes -= count;
        sinceNanos = nowNanos;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    /** When the peer will have read nothing for too long, unless it reads; only while not empty. */
    long deadlineNanos() {
        return sinceNanos + PATIENCE_NANOS;
    }

    /** More is waiting than anyone who reads can leave behind. */
    boolean isTooLong() {
        return bytes > MOST_BYTES;
    }

    @Override
    public String toString() {
        return "control messages unread, " + bytes + " bytes (expected: read within " + PATIENCE_NANOS / 1_000_000_000L
                + " s)";
    }
}
