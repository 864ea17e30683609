package dev.culvert.mux.sim;

import java.util.Random;

/** Decides how many bytes the next read of a simulated socket returns. */
@FunctionalInterface
public interface Chop {
    /**
     * @param offset bytes read before
     * @param available bytes that could be read now, at least 1
     * @return at least 1; more than what is available means all
     */
    int next(long offset, int available);

    static Chop whole() {
        return (offset, available) -> available;
    }

    /** Reads of this many bytes at most. */
    static Chop of(int bytes) {
        return (offset, available) -> bytes;
    }

    /** One boundary, after the first {@code cut} bytes; the rest arrives whole. */
    static Chop at(long cut) {
        return (offset, available) -> offset < cut ? (int) Math.min(cut - offset, available) : available;
    }

    /** Reads of random size up to {@code max}. */
    static Chop random(Random random, int max) {
        return (offset, available) -> 1 + random.nextInt(max);
    }
}
