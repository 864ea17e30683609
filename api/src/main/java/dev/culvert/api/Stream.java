package dev.culvert.api;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/**
 * One ordered byte stream to a service or from a caller. Any thread, one reader and one writer at a time; never an event loop.
 * Reads and writes fail with {@link StreamResetException} once the stream was reset or its link is lost.
 */
public interface Stream extends Closeable {
    /** The name that was dialled, at both ends. */
    Address address();

    /** At the accepting end the principal of the caller, as the last relay proved it; at the dialling end empty. */
    String principal();

    /** What the caller sent along when it dialled. */
    Map<String, String> headers();

    /** Closing it means that no more will be read: the writer learns it. */
    InputStream input();

    /** Writes block while the stream's window is full. Closing it is {@link #finish()}. */
    OutputStream output();

    /** Half-close: the other end reads the end of the stream after what was written. Idempotent. */
    void finish();

    /** Abort in both directions; the other end learns {@code code}: one of {@link ErrorCode}, or from 0x100 the application's. */
    void reset(int code);

    /** How long a read may block before it fails with {@link java.net.SocketTimeoutException}; {@link Duration#ZERO}: for ever. */
    void readTimeout(Duration timeout);

    /**
     * Ends both halves: what was written is still sent, what was not read is given up. Idempotent, does not block.
     */
    @Override
    void close();
}
