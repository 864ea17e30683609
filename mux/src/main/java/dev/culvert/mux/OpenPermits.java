package dev.culvert.mux;

/**
 * How many streams we may open now. Owned by its session's event loop. Pure. [MUX-13]
 *
 * <p>Towards a plain peer at most 256 opens may be unacknowledged, since it may count them and block.
 */
final class OpenPermits {
    private static final int PLAIN_UNACKNOWLEDGED = 256;

    private int maxOpen;
    private int maxUnacknowledged;
    private int open;
    private int unacknowledged;

    /** Says what the peer takes; nothing is permitted before. */
    void limits(int maxStreams, Profile profile) {
        maxOpen = maxStreams;
        maxUnacknowledged = profile == Profile.Y ? PLAIN_UNACKNOWLEDGED : Integer.MAX_VALUE;
    }

    boolean tryOpen() {
        if (open >= maxOpen || unacknowledged >= maxUnacknowledged) {
            return false;
        }
        open++;
        unacknowledged++;
        return true;
    }

    void acknowledged() {
        unacknowledged--;
    }

    void closed() {
        open--;
    }

    int open() {
        return open;
    }
}
