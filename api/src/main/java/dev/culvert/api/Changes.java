package dev.culvert.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What changes in a {@link LiveMap}, as an iterator that waits: at first all that is there, then what is not as this reader was told. How things
 * stand, not what happened: for a reader that is slow, many changes of one entry become one, and what has come and gone in between is not told. So
 * it holds up nobody, and costs a note for each entry. For one key in order. Of one thread at a time, but for {@link #close}.
 */
public interface Changes<K, V> extends Iterator<Change<K, V>>, AutoCloseable {
    /**
     * Blocks until there is a change. False: this or the map is closed, or the node.
     *
     * @throws java.io.UncheckedIOException with an {@link java.io.InterruptedIOException} if this thread is interrupted; its status is kept
     */
    @Override
    boolean hasNext();

    /**
     * Blocks as {@link #hasNext} does.
     *
     * @throws java.util.NoSuchElementException if this or the map is closed, or the node
     */
    @Override
    Change<K, V> next();

    /**
     * The next change, if one comes in time; null: none has, or this is closed.
     *
     * @throws java.io.InterruptedIOException if this thread is interrupted; its status is kept
     */
    @Nullable
    Change<K, V> poll(Duration timeout) throws IOException;

    /** Ends it, and the wait of who reads it. Idempotent. */
    @Override
    void close();
}
