package dev.culvert.api;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A stream that carries messages, many one after the other in both directions, of any length and without a limit on their number. [MSG]
 * Any thread, one reader and one writer at a time; blocks as its stream does, and fails as its stream does.
 *
 * <p>Made by {@link Node#dialMessages} and by {@link Node#bindMessages}, which declare the mode; nothing else may read or write the
 * stream's bytes then.
 */
public final class Messages implements Closeable {
    private final Stream stream;
    private final MessageWriter writer;
    private final MessageReader reader;

    private Messages(Stream stream) {
        this.stream = stream;
        this.writer = new MessageWriter(stream);
        this.reader = new MessageReader(stream);
    }

    /** Messages over a stream whose two ends have agreed on them, as {@link StreamMode} does or otherwise. */
    public static Messages over(Stream stream) {
        return new Messages(stream);
    }

    /** What carries them: principal, headers, timeouts, reset. */
    public Stream stream() {
        return stream;
    }

    /** Sends messages of any length, piece by piece. */
    public MessageWriter writer() {
        return writer;
    }

    /** Receives messages of any length, piece by piece. */
    public MessageReader reader() {
        return reader;
    }

    /** Sends one message. Blocks while the stream's window is full. */
    public void send(byte[] message) throws IOException {
        writer.send(message);
    }

    /**
     * The next message; null if the other end has finished.
     *
     * @throws MessageException if it is longer than {@code maxBytes} (TOO_LARGE): its rest is skipped, and the one behind it can be received
     */
    public byte @Nullable [] receive(int maxBytes) throws IOException {
        return reader.receive(maxBytes);
    }

    /** No more messages will be sent; the other end's {@code receive} returns null. Idempotent. */
    public void finish() {
        stream.finish();
    }

    /** Closes the stream: what was sent still arrives. */
    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public String toString() {
        return "Messages[" + stream.address() + "]";
    }
}
