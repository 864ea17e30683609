package dev.culvert.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of {@link Messages}. One thread at a time, and one message at a time. A chunk leaves with each flush, with each 8 KiB
 * written in small pieces, and at least one for each {@value #MAX_CHUNK} bytes.
 */
public final class MessageWriter {
    /** Bytes of one chunk at most. [MSG-3] */
    public static final int MAX_CHUNK = 65_536;

    /** Small pieces are gathered up to this. */
    private static final int GATHERED = 8_192;

    /** Bytes of the longest length of a chunk. */
    private static final int HEAD = 3;

    private final Stream stream;
    private @Nullable Body open;

    MessageWriter(Stream stream) {
        this.stream = stream;
    }

    /**
     * Begins a message; closing the result ends it, and only then another may begin. A message that is begun and cannot be completed must not
     * be closed, since it would arrive as if it were whole: {@link Stream#reset(int)} takes it back.
     *
     * @throws IllegalStateException if the message before is not closed
     */
    public OutputStream begin() {
        if (open != null) {
            throw new IllegalStateException("a message is open already (expected: its stream is closed first)");
        }
        Body body = new Body();
        open = body;
        return body;
    }

    /** Sends one message. */
    public void send(byte[] message) throws IOException {
        send(message, 0, message.length);
    }

    /** Sends one message out of a part of an array. */
    public void send(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (open != null) {
            throw new IllegalStateException("a message is open already (expected: its stream is closed first)");
        }
        int done = 0;
        do {
            int part = Math.min(length - done, MAX_CHUNK);
            boolean last = done + part == length;
            byte[] chunk = new byte[(part == 0 ? 0 : HEAD + part) + (last ? 1 : 0)];
            int head = part == 0 ? 0 : putLength(chunk, part);
            System.arraycopy(bytes, offset + done, chunk, head, part);
            stream.output().write(chunk, 0, head + part + (last ? 1 : 0));
            done += part;
        } while (done < length);
    }

    /**
     * Sends all that {@code source} gives as one message, and leaves the source open. If the source fails, the stream is reset with
     * CANCELLED, so that half a message is not taken for a whole one.
     *
     * @return how many bytes
     */
    public long copyFrom(InputStream source) throws IOException {
        OutputStream message = begin();
        byte[] buffer = new byte[MAX_CHUNK];
        long sum = 0;
        for (int read = pull(source, buffer); read >= 0; read = pull(source, buffer)) {
            message.write(buffer, 0, read);
            sum += read;
        }
        message.close();
        return sum;
    }

    private int pull(InputStream source, byte[] buffer) throws IOException {
        boolean done = false;
        try {
            int read = source.read(buffer);
            done = true;
            return read;
        } finally {
            if (!done) {
                stream.reset(ErrorCode.CANCELLED.number());
            }
        }
    }

    /** Writes a varint in its shortest form. Returns how many bytes it has. */
    private static int putLength(byte[] into, int value) {
        int at = 0;
        int rest = value;
        while (rest > 0x7f) {
            into[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[at] = (byte) rest;
        return at + 1;
    }

    /** One message, while it is written. */
    private final class Body extends OutputStream {
        private final byte[] head = new byte[HEAD];
        private byte[] gathered = new byte[64];
        private int count;
        private boolean closed;

        @Override
        public void write(int b) throws IOException {
            byte[] one = {(byte) b};
            write(one, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (closed) {
                throw new IOException("the message is closed");
            }
            if (count + length > GATHERED) {
                flush();
            }
            if (length > GATHERED) {
                chunks(bytes, offset, length);
            } else {
                gather(bytes, offset, length);
            }
        }

        private void gather(byte[] bytes, int offset, int length) {
            if (count + length > gathered.length) {
                gathered = Arrays.copyOf(gathered, Math.min(GATHERED, Math.max(2 * gathered.length, count + length)));
            }
            System.arraycopy(bytes, offset, gathered, count, length);
            count += length;
        }

        private void chunks(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int part = Math.min(length - done, MAX_CHUNK);
                stream.output().write(head, 0, putLength(head, part));
                stream.output().write(bytes, offset + done, part);
                done += part;
            }
        }

        @Override
        public void flush() throws IOException {
            if (count > 0) {
                int length = count;
                count = 0;
                chunks(gathered, 0, length);
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            flush();
            closed = true;
            open = null;
            stream.output().write(0);
        }
    }
}
