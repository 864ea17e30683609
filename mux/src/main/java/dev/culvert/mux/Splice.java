package dev.culvert.mux;

/**
 * Two streams joined into one: what comes in on one leg goes out on the other, each leg with its own window; credit is renewed
 * only as bytes leave the other leg's queue; FIN, RST and STOP travel with their codes. The legs may live on different event
 * loops. <em>Immutable</em>; each leg is owned by its stream's event loop. [ROUTE-1] [ROUTE-2]
 */
public final class Splice {
    private final SpliceLeg first;
    private final SpliceLeg second;

    private Splice(MuxStream first, MuxStream second) {
        if (first.session().loop() == second.session().loop()) {
            this.first = new SpliceLeg(first, SpliceLeg.Post.DIRECT);
            this.second = new SpliceLeg(second, SpliceLeg.Post.DIRECT);
        } else {
            this.first = new SpliceLeg(first, new CrossLoopPost(first));
            this.second = new SpliceLeg(second, new CrossLoopPost(second));
        }
        this.first.joinTo(this.second);
        this.second.joinTo(this.first);
    }

    /**
     * Prepares to join the legs, without an effect on them. Any thread. Install {@link #first()} and {@link #second()} as the
     * handlers of their streams, each on its own loop and in any order; a leg works before the other is installed. What was held
     * back before is handed to the leg by calling its methods, in the order in which it came.
     */
    public static Splice between(MuxStream first, MuxStream second) {
        return new Splice(first, second);
    }

    /**
     * Joins legs that carry no held data. Call on {@code first}'s loop; if {@code second} lives on another, its present handler
     * must not take data any more.
     */
    public static void join(MuxStream first, MuxStream second) {
        Splice splice = between(first, second);
        first.handler(splice.first());
        if (second.session().loop().inEventLoop()) {
            second.handler(splice.second());
        } else {
            second.session().loop().execute(() -> second.handler(splice.second()));
        }
    }

    /** The handler for the first stream. */
    public StreamHandler first() {
        return first;
    }

    /** The handler for the second stream. */
    public StreamHandler second() {
        return second;
    }
}
