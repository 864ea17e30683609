package dev.culvert.mux;

/**
 * What all streams of a session but control may have unread together, taken out of the process's {@link MemoryBudget}. Owned by
 * its session's event loop. [MUX-5] [MUX-21] [MUX-22]
 *
 * <p>In profile X the peer is held to it. A plain peer knows nothing of it: there it measures what is unread, grows as far
 * as memory permits, and calls for the rule against slow consumers when that is not enough.
 */
final class SessionWindow {
    private final MemoryBudget budget;
    private final int maxSize;
    private final ReceiveWindow window;
    private boolean binding;
    private long plainUnread;
    private boolean released;

    SessionWindow(MemoryBudget budget, int initialSize, int maxSize) {
        this.budget = budget;
        this.maxSize = maxSize;
        this.window = new ReceiveWindow(budget.start(initialSize));
    }

    /** Holds the peer to the window (profile X). */
    void bind() {
        binding = true;
    }

    int size() {
        return window.size();
    }

    long unread() {
        return binding ? window.unread() : plainUnread;
    }

    /** Bytes that could still become unread; below zero when a plain peer has sent more than there is room for. */
    long free() {
        return window.size() - unread();
    }

    /** Bytes are coming for some stream. */
    void receive(long bytes) throws ProtocolViolation {
        if (!binding) {
            plainUnread += bytes;
        } else if (!window.receive(bytes)) {
            throw new ProtocolViolation(
                    "session window: " + bytes + " bytes (expected: at most " + window.credit() + ")");
        }
        while (unread() > window.size() / 2 && growTo(2L * window.size())) {
            // stalled streams must not take the window from the others while there is room
        }
    }

    /** Bytes have been used. */
    void consume(int bytes, long nowMicros, long rttMicros) {
        discard(bytes);
        int unread = (int) Math.min(Integer.MAX_VALUE, unread());
        growTo(window.wantedSize(bytes, unread, nowMicros, rttMicros));
    }

    /** Bytes were thrown away, or their stream is no more. */
    void discard(long bytes) {
        if (binding) {
            window.consume((int) bytes);
        } else {
            plainUnread -= bytes;
        }
    }

    /**
     * Whether the peer should be told of more credit. Well before the window counts as scarce: else two relays that hold bytes for
     * each other could both be out of credit, with enough free that nobody is reset and too little that anybody is told.
     */
    boolean isUpdateDue() {
        return binding && window.owed() >= window.size() / 8;
    }

    int grant() {
        return window.grant();
    }

    /** Less than a quarter is free. */
    boolean isScarce() {
        return free() < window.size() / 4;
    }

    /** How much must be freed so that half is free. */
    long neededForHalf() {
        return window.size() / 2 - free();
    }

    /** Gives everything back to the process. */
    void release() {
        if (!released) {
            released = true;
            budget.release(window.size());
        }
    }

    private boolean growTo(long wanted) {
        int target = (int) Math.min(wanted, maxSize);
        int more = target - window.size();
        if (more <= 0 || released || !budget.grow(more)) {
            return false;
        }
        window.resize(target);
        return true;
    }
}
