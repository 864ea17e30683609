package dev.culvert.mux.conformance;

/** How much of a test's work is done: little by default, all of it with {@code -Dculvert.scale=full}. */
final class Scale {
    private static final boolean FULL = "full".equals(System.getProperty("culvert.scale", ""));

    private Scale() {}

    static int of(int small, int full) {
        return FULL ? full : small;
    }

    static long of(long small, long full) {
        return FULL ? full : small;
    }
}
