package dev.culvert.link.transport;

/**
 * How long a loop with nothing to do may look for its next event before it sleeps. Pure; owned by its loop.
 *
 * <p>To be woken takes tens of microseconds, more where the processor fell asleep too. Where events come sooner than that, looking for them pays;
 * where they do not, it takes a processor away for nothing. So looks are paid from savings: each costs the time that it took, and one that found
 * something earns {@link #LOOK_NANOS}, while time itself earns one part in {@link #SHARE}. A loop whose looks are all in vain spends no more than that on
 * them. The idea is that of the halt polling of hypervisors (Linux, Documentation/virt/kvm/halt-polling.rst).
 */
final class LingerBudget {
    /** The longest look, in nanoseconds: about what two wake-ups take, the peer's and one's own. */
    static final long LOOK_NANOS = 100_000;

    /** Of all time, one part in so many may be spent in vain. */
    static final long SHARE = 64;

    /** The most that is saved, in nanoseconds: twenty looks in vain. */
    static final long MOST_NANOS = 20 * LOOK_NANOS;

    private long saved = MOST_NANOS;
    private long earnedUntil;

    /** Begins at {@code now}, a time in nanoseconds of no particular origin, with all that can be saved. */
    LingerBudget(long now) {
        this.earnedUntil = now;
    }

    /** Whether a loop that ran out of work at {@code now} should look before it sleeps. */
    boolean affords(long now) {
        save((now - earnedUntil) / SHARE);
        earnedUntil = now;
        return saved >= LOOK_NANOS;
    }

    /** A look that {@link #affords} allowed has taken {@code nanos}; at 0 it found what a sleep would have found too, and earns nothing. */
    void looked(long nanos, boolean found) {
        save((found && nanos > 0 ? LOOK_NANOS : 0) - nanos);
    }

    private void save(long nanos) {
        saved = Math.min(MOST_NANOS, saved + nanos);
    }
}
