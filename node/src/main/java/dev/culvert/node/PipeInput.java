package dev.culvert.node;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Reads from a {@link StreamPipe}. Any thread, one at a time. */
final class PipeInput extends InputStream {
    private final StreamPipe pipe;

    PipeInput(StreamPipe pipe) {
        this.pipe = pipe;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? 0 : pipe.read(bytes, offset, length);
    }

    @Override
    public int available() throws IOException {
        return pipe.available();
    }

    @Override
    public void close() {
        pipe.stopReading();
    }
}
