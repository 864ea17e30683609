package dev.culvert.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One ordered byte stream to a service or from a caller: a {@link ByteChannel} in blocking mode, with {@link #input()} and {@link
 * #output()} as the same thing in the form of {@code java.io}. Any thread, one reader and one writer at a time; never an event loop.
 *
 * <p>What reads and writes throw, in every form:
 *
 * <ul>
 *   <li>{@link StreamResetException}: the stream was reset, its link is lost or its node was closed; it says which
 *   <li>{@link DialException}: a dial that was {@linkplain DialOptions#early early} has been refused
 *   <li>{@link StreamClosedException}: this end has closed what the call needs, before it or while it waited
 *   <li>{@link java.net.SocketTimeoutException}: a timeout or the deadline has passed; the stream lives on
 *   <li>{@link java.io.InterruptedIOException}: the thread was interrupted while it waited. Its interrupt status stays set, the stream lives
 *       on. (A call that need not wait ignores interrupts.) As for timeouts, {@code bytesTransferred} says how much of a write went
 * </ul>
 */
public interface Stream extends ByteChannel {
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

    /** Waits for one byte at least. Returns how many came, or -1 at the end of the stream. */
    @Override
    int read(ByteBuffer target) throws IOException;

    /** Writes everything that remains, waiting for room as often as needed. */
    @Override
    int write(ByteBuffer source) throws IOException;

    /**
     * Reads to the end of the stream and writes everything to {@code target}. Bytes go from the network's buffers directly to the
     * channel; between two streams of one process they are not copied at all. Returns how many bytes went. What {@code target} refuses is lost.
     */
    long transferTo(WritableByteChannel target) throws IOException;

    /**
     * Reads {@code source} to its end, or until it has nothing now, and writes everything to this stream. A file's bytes are read
     * into the buffers that travel. Returns how many bytes went.
     */
    long transferFrom(ReadableByteChannel source) throws IOException;

    /** Half-close: the other end reads the end of the stream after what was written. Idempotent. */
    void finish();

    /** Abort in both directions; the other end learns {@code code}: one of {@link ErrorCode}, or from 0x100 the application's. */
    void reset(int code);

    /** How long a read may wait for its first byte; {@link Duration#ZERO}, the default: for ever. From the next read on. */
    void readTimeout(Duration timeout);

    /** How long a write may wait for room without any progress; {@link Duration#ZERO}, the default: for ever. From the next write on. */
    void writeTimeout(Duration timeout);

    /**
     * When all reads and writes must be done; later ones that have to wait fail at once. Null, the default: never. Counts at once, for
     * calls that wait already too, so that an instant in the past wakes them. Changes of the clock after this call do not matter.
     */
    void deadline(@Nullable Instant deadline);

    /**
     * Completes when the stream is over: normally after both ends have finished, exceptionally with {@link StreamResetException} when it
     * was reset by either end, its link is lost, or its node was closed, and with {@link DialException} when it never came about. So a
     * handler that works for somebody learns that nobody waits any more. What hangs on it runs on a thread of its own, never on an event loop.
     */
    CompletionStage<Void> ended();

    /** Whether this end has neither closed nor reset it. */
    @Override
    boolean isOpen();

    /**
     * Ends both halves: what was written is still sent, what was not read is given up. Wakes threads that read or write. Idempotent,
     * does not block.
     */
    @Override
    void close();
}
