package dev.culvert.mux;

/** The ids of the streams that one side opens: every second one, rising, never used twice. Pure. [MUX-2] [MUX-17] */
final class IdSequence {
    private static final long END = 1L << 32;

    private long next;
    private long reserved;

    /** @param first the first id, unsigned; its parity is the side's */
    IdSequence(long first) {
        this.next = first;
        this.reserved = first;
    }

    /** Whether these are the dialler's. */
    boolean isOdd() {
        return (next & 1) == 1;
    }

    /** Sets one id aside for an open; false when none is left. */
    boolean reserve() {
        if (reserved >= END) {
            return false;
        }
        reserved += 2;
        return true;
    }

    /** Gives back what was reserved and will not be used. */
    void cancel() {
        reserved -= 2;
    }

    /** The id for a SYN that leaves now, as an unsigned int. One must have been reserved. */
    int take() {
        if (next >= reserved) {
            throw new IllegalStateException("stream id: " + next + " was not reserved");
        }
        int id = (int) next;
        next += 2;
        return id;
    }

    /** Ids that were not reserved yet. */
    long remaining() {
        return Math.max(0, (END - reserved + 1) / 2);
    }

    /** Whether this id was taken before. */
    boolean wasUsed(int id) {
        return Integer.toUnsignedLong(id) < next;
    }
}
