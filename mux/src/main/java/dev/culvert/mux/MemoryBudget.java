package dev.culvert.mux;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The process cap on bytes that peers may make us hold: the sum over sessions of session credit plus unread bytes. Any
 * thread. [MUX-22]
 *
 * <p>A session starts with a share; sessions grow only while a quarter of the cap is left, so that newcomers find theirs.
 */
public final class MemoryBudget {
    private static final int LARGEST_START = 1 << 20;

    private final long capBytes;
    private final long startBytes;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param capBytes the most that all sessions together may hold unread or have promised to take
     * @param maxSessions how many sessions the process is meant to carry
     */
    public MemoryBudget(long capBytes, int maxSessions) {
        if (capBytes <= 0 || maxSessions <= 0) {
            throw new IllegalArgumentException(
                    "memory budget: " + capBytes + " bytes for " + maxSessions + " sessions (expected: both > 0)");
        }
        this.capBytes = capBytes;
        this.startBytes = Math.min(LARGEST_START, capBytes / maxSessions);
    }

    public long capBytes() {
        return capBytes;
    }

    /** Bytes that sessions hold or have promised to take. */
    public long heldBytes() {
        return held.get();
    }

    /** Takes a new session's start out of the budget: at most {@code wanted}, its share, and what is left. */
    int start(int wanted) {
        while (true) {
            long now = held.get();
            long granted = Math.min(Math.min(wanted, startBytes), capBytes - now);
            if (granted <= 0) {
                return 0;
            }
            if (held.compareAndSet(now, now + granted)) {
                return (int) granted;
            }
        }
    }

    /** Takes more, if a quarter of the cap remains free after it. */
    boolean grow(int bytes) {
        while (true) {
            long now = held.get();
            if (now + bytes > capBytes - capBytes / 4) {
                return false;
            }
            if (held.compareAndSet(now, now + bytes)) {
                return true;
            }
        }
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }
}
