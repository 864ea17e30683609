package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import io.netty.util.concurrent.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a session when its credential does. Owned by the session's event loop. Looks at the clock again at least once a minute, since
 * somebody may set it. [CTRL-5]
 */
final class ExpiryTimer {
    private static final long LONGEST_LOOK_MILLIS = 60_000;

    private final Session session;
    private final InstantSource clock;
    private @Nullable Future<?> next;

    ExpiryTimer(Session session, InstantSource clock) {
        this.session = session;
        this.clock = clock;
    }

    void start() {
        if (session.expiresAtMillis() == Long.MAX_VALUE) {
            return;
        }
        long left = session.expiresAtMillis() - clock.millis();
        if (left <= 0) {
            String reason = "the credential has expired at " + Instant.ofEpochMilli(session.expiresAtMillis())
                    + " (expected: a valid one; ask for a new join string or token)";
            session.close(ErrorCode.EXPIRED, reason);
            return;
        }
        long look = Math.min(left, LONGEST_LOOK_MILLIS);
        next = session.mux().loop().schedule(this::start, look, TimeUnit.MILLISECONDS);
    }

    void cancel() {
        if (next != null) {
            next.cancel(false);
        }
    }
}
