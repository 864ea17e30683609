package dev.culvert.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * What this node knows of the network, kept as it is now. Any thread. Ends with the node or with {@link #close}; then it is empty.
 *
 * <p>What a relay tells is there when it has told it: a moment after the map was made, and again a moment after a link was lost and has come
 * back. In between, what only this relay told is not there, since it cannot be reached.
 */
public interface LiveMap<K, V> extends AutoCloseable {
    /** A view that changes by itself and cannot be changed; sorted; iterators are weakly consistent. {@code Map.copyOf} keeps a moment. */
    Map<K, V> map();

    /** What is there, then what changes. Each reader has its own. */
    Changes<K, V> changes();

    /**
     * Blocks until a link is up, if there is any to come, and every relay that this node is linked to has told all.
     *
     * @return false: not in time, or this is closed
     * @throws java.io.InterruptedIOException if this thread is interrupted
     */
    boolean awaitComplete(Duration timeout) throws IOException;

    /** Asks nobody any more. Ends readers. Idempotent. */
    @Override
    void close();
}
