package dev.culvert.mux;

/**
 * Two streams joined into one: what comes in on one leg goes out on the other, each leg with its own window; FIN, RST and
 * STOP travel with their codes. The legs may live on different event loops.
 */
public final class Splice {
    private Splice() {}

    /** Joins the legs; call on {@code first}'s loop, with {@code first} carrying no unconsumed data outside this call. */
    public static void join(MuxStream first, MuxStream second) {
        throw new UnsupportedOperationException();
    }
}
