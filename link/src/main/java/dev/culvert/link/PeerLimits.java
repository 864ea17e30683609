package dev.culvert.link;

import dev.culvert.link.proto.Parameters;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import org.jspecify.annotations.Nullable;

/** Between the Parameters of a message and what the multiplexer is told. <em>Stateless.</em> [MUX-4] [MUX-5] [MUX-13] [MUX-14] */
final class PeerLimits {
    private static final int SMALLEST_WINDOW = 16 * 1024;
    private static final int DEFAULT_WINDOW = 32 * 1024;
    private static final int DEFAULT_SESSION_WINDOW = 1 << 20;
    private static final int SMALLEST_FRAME = 1024;
    private static final int DEFAULT_FRAME = 64 * 1024;
    private static final int DEFAULT_PLAIN_STREAMS = 256;
    private static final int DEFAULT_STREAMS = 1024;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int SHORTEST_KEEP_ALIVE_MILLIS = 100;
    private static final int LONGEST_KEEP_ALIVE_MILLIS = 240_000;

    private PeerLimits() {}

    /** What a session says of its own side: {@link dev.culvert.mux.MuxSession#localParameters}. */
    static Parameters describe(PeerParameters own) {
        return Parameters.newBuilder()
                .setInitialWindow(own.initialWindow())
                .setSessionWindow(own.sessionWindow())
                .setMaxStreams(own.maxStreams())
                .setMaxFrame(own.maxFrame())
                .setKeepAliveMillis((int) (own.keepAliveNanos() / NANOS_PER_MILLI))
                .build();
    }

    /** Whether memory permits a session that is of any use. A window of 0 could not even be told: it means the default. */
    static boolean sufficient(PeerParameters own) {
        return own.sessionWindow() >= SMALLEST_FRAME;
    }

    /** What a peer that said {@code parameters} permits. Zero means the default. */
    static PeerParameters of(Parameters parameters, @Nullable Profile profile) {
        return new PeerParameters(
                or(parameters.getInitialWindow(), DEFAULT_WINDOW),
                or(parameters.getSessionWindow(), DEFAULT_SESSION_WINDOW),
                or(parameters.getMaxStreams(), profile == Profile.Y ? DEFAULT_PLAIN_STREAMS : DEFAULT_STREAMS),
                or(parameters.getMaxFrame(), DEFAULT_FRAME),
                parameters.getKeepAliveMillis() * NANOS_PER_MILLI);
    }

    /** What no peer may say, or null. */
    static @Nullable String fault(Parameters parameters) {
        int window = or(parameters.getInitialWindow(), DEFAULT_WINDOW);
        if (window < SMALLEST_WINDOW) {
            return "initial_window " + window + " (expected: at least " + SMALLEST_WINDOW + ")";
        }
        int frame = or(parameters.getMaxFrame(), DEFAULT_FRAME);
        if (frame < SMALLEST_FRAME) {
            return "max_frame " + frame + " (expected: at least " + SMALLEST_FRAME + ")";
        }
        int keepAlive = or(parameters.getKeepAliveMillis(), LONGEST_KEEP_ALIVE_MILLIS);
        return keepAlive < SHORTEST_KEEP_ALIVE_MILLIS || keepAlive > LONGEST_KEEP_ALIVE_MILLIS
                ? "keep_alive_millis " + keepAlive + " (expected: " + SHORTEST_KEEP_ALIVE_MILLIS + " to "
                        + LONGEST_KEEP_ALIVE_MILLIS + ")"
                : null;
    }

    /** A uint32 field as an int: zero is the default, what does not fit is the largest int. */
    private static int or(int value, int standard) {
        return value == 0 ? standard : value < 0 ? Integer.MAX_VALUE : value;
    }
}
