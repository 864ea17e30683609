package dev.culvert.api;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Callers of one service, in the order in which they came. Any thread. */
public interface StreamListener extends Binding {
    /**
     * The next caller; blocks until there is one.
     *
     * @throws IOException once the listener or its node is closed
     */
    Stream accept() throws IOException;

    /** The next caller, or null if none comes in time. */
    @Nullable
    Stream accept(Duration timeout) throws IOException;
}
