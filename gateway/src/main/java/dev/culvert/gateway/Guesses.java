package dev.culvert.gateway;

/**
 * How often an address may be wrong: {@value #AT_ONCE} times at once, then once in {@value #PERIOD_SECONDS} s. What was right is given back.
 * Owned by {@link Passwords}, under its lock. Pure: time is handed in. Bounded: of too many addresses the one that was quiet longest is
 * forgotten.
 */
final class Guesses {
    static final int AT_ONCE = 10;
    static final int PERIOD_SECONDS = 6;

    private static final long PERIOD_NANOS = PERIOD_SECONDS * 1_000_000_000L;
    private static final int MOST = 10_000;

    /** When an address will have all its guesses again. */
    private final Recent<Long> fullAtNanos = new Recent<>(MOST);

    /** One guess more; false: there is none left now. */
    boolean take(String address, long nowNanos) {
        long full = fullAt(address, nowNanos);
        if (full - nowNanos > (AT_ONCE - 1) * PERIOD_NANOS) {
            return false;
        }
        fullAtNanos.put(address, full + PERIOD_NANOS);
        return true;
    }

    void giveBack(String address, long nowNanos) {
        fullAtNanos.put(address, fullAt(address, nowNanos) - PERIOD_NANOS);
    }

    private long fullAt(String address, long nowNanos) {
        Long full = fullAtNanos.get(address);
        return full == null || full - nowNanos < 0 ? nowNanos : full;
    }

    int size() {
        return fullAtNanos.size();
    }
}
