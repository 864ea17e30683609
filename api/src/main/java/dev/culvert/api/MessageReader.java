package dev.culvert.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The receiving side of {@link Messages}. One thread at a time. What comes in chunks is read as one run of bytes. */
public final class MessageReader {
    private static final int MAX_LENGTH_BYTES = 3;

    private final Stream stream;
    private @Nullable InputStream input;
    private @Nullable Body open;

    MessageReader(Stream stream) {
        this.stream = stream;
    }

    /**
     * The next message, as soon as its first byte has come; null if the other end has finished. What was not read of the message before is
     * skipped. The result ends with its message; closing it skips the rest.
     *
     * @throws MessageException PROTOCOL, and the stream is reset, if the bytes are no message or the end came within one
     * @throws StreamResetException if the stream was reset or lost; what was read of a message is not a message then
     */
    public @Nullable InputStream next() throws IOException {
        if (open != null) {
            open.close();
        }
        int length = length(false);
        if (length < 0) {
            return null;
        }
        Body body = new Body(length);
        open = body;
        return body;
    }

    /**
     * The next message as a whole; null if the other end has finished.
     *
     * @param maxBytes that are taken; the memory for them is used as they come, not before
     * @throws MessageException TOO_LARGE if it is longer: its rest is skipped with the next call
     */
    public byte @Nullable [] receive(int maxBytes) throws IOException {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 0)");
        }
        InputStream message = next();
        if (message == null) {
            return null;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(32);
        byte[] buffer = new byte[(int) Math.min(8_192, maxBytes + 1L)];
        for (int read = message.read(buffer); read >= 0; read = message.read(buffer)) {
            if (whole.size() + read > maxBytes) {
                throw new MessageException(
                        ErrorCode.TOO_LARGE,
                        "a message of more than " + maxBytes + " bytes",
                        "take larger ones, or read it piece by piece with reader().next()");
            }
            whole.write(buffer, 0, read);
        }
        return whole.toByteArray();
    }

    /** Writes the next message to {@code sink}, which stays open. Returns its length; -1 if the other end has finished. */
    public long copyTo(OutputStream sink) throws IOException {
        InputStream message = next();
        return message == null ? -1 : message.transferTo(sink);
    }

    private InputStream input() {
        InputStream buffered = input;
        if (buffered == null) {
            buffered = new BufferedInputStream(stream.input());
            input = buffered;
        }
        return buffered;
    }

    /** The length of the next chunk, 0: the end of the message; -1: the end of the stream. */
    private int length(boolean within) throws IOException {
        int length = 0;
        for (int i = 0; i < MAX_LENGTH_BYTES; i++) {
            int b = input().read();
            if (b < 0) {
                if (within || i > 0) {
                    throw violation("the stream finished within a message");
                }
                return -1;
            }
            length |= (b & 0x7f) << (7 * i);
            if (b < 0x80) {
                return checked(length, b == 0 && i > 0);
            }
        }
        throw violation("the length of a chunk has more than " + MAX_LENGTH_BYTES + " bytes");
    }

    private int checked(int length, boolean padded) throws IOException {
        if (padded || length > MessageWriter.MAX_CHUNK) {
            throw violation("a chunk of " + length + (padded ? " bytes, not in the shortest form" : " bytes")
                    + " (expected: at most " + MessageWriter.MAX_CHUNK + ")");
        }
        return length;
    }

    private MessageException violation(String text) {
        stream.reset(ErrorCode.PROTOCOL.number());
        return new MessageException(ErrorCode.PROTOCOL, text, "check that both ends speak messages");
    }

    /** One message, while it is read. */
    private final class Body extends InputStream {
        private int left;
        private boolean ended;
        private boolean closed;

        Body(int left) {
            this.left = left;
            this.ended = left == 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (closed) {
                throw new IOException("the message is closed");
            }
            return length == 0 ? 0 : take(bytes, offset, length);
        }

        /** Asks for the length of the next chunk only when a byte of it is wanted: it may be long in coming. */
        private int take(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                left = length(true);
                ended = left == 0;
            }
            if (ended) {
                return -1;
            }
            int read = input().read(bytes, offset, Math.min(length, left));
            if (read < 0) {
                throw violation("the stream finished within a message");
            }
            left -= read;
            return read;
        }

        @Override
        public int available() throws IOException {
            return closed ? 0 : Math.min(left, input().available());
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            byte[] rest = ended ? new byte[0] : new byte[8_192];
            while (take(rest, 0, rest.length) >= 0) {
                // what nobody reads is skipped up to the end mark
            }
        }
    }
}
