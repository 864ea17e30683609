package dev.culvert.gateway;

/**
 * Tells from a count of bytes, looked at from time to time, whether nothing has passed for as long as is allowed: so that bytes themselves cost
 * nothing. Owned by one event loop. Pure.
 */
final class Silence {
    /** In the time that is allowed; silence is noticed after that time and at most one part more. */
    static final int LOOKS = 4;

    private long seen = -1;
    private int quiet;

    /** A look, each a part of the time after the one before; true: it was silent for all of it. */
    boolean isLongEnough(long bytes) {
        quiet = bytes == seen ? quiet + 1 : 0;
        seen = bytes;
        return quiet >= LOOKS;
    }
}
