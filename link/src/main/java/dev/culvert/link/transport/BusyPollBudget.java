package dev.culvert.link.transport;

/**
 * Whether a loop with nothing to do looks for its next event for a moment before it sleeps. Pure; owned by its loop.
 *
 * <p>To be woken takes tens of microseconds, more where the processor fell asleep too. Where events come sooner than that, looking for them pays;
 * where they do not, it takes a processor away for nothing. So looks in vain are paid from savings: time earns one part in {@link #SHARE} of
 * itself, and each look that found something one part in {@link #FINDS} of a look. The idea is that of the halt polling of hypervisors
 * (Linux, Documentation/virt/kvm/halt-polling.rst).
 */
final class BusyPollBudget {
    /** The longest look, in nanoseconds: about what two wake-ups take, the peer's and one's own. */
    static final long LOOK_NANOS = 100_000;

    /** Of all time, one part in so many may be spent in vain. */
    static final long SHARE = 64;

    /** So many looks that found something pay for one in vain. */
    static final long FINDS = 32;

    /** The most that is saved, in nanoseconds. */
    static final long MOST_NANOS = 20 * LOOK_NANOS;

    /** The most that is owed, in nanoseconds: a look takes long where others want the processor, or the machine stood still. */
    static final long MOST_OWED_NANOS = 200 * LOOK_NANOS;

    private long saved = MOST_NANOS;
    private long earnedUntil;

    /** Begins at {@code now}, a time in nanoseconds of no particular origin, with all that can be saved. */
    BusyPollBudget(long now) {
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
        if (!found || nanos > LOOK_NANOS) {
            save(-nanos);
        } else if (nanos > 0) {
            save(LOOK_NANOS / FINDS);
        }
    }

    private void save(long nanos) {
        saved = Math.max(-MOST_OWED_NANOS, Math.min(MOST_NANOS, saved + nanos));
    }
}
