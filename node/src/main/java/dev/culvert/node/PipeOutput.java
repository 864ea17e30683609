package dev.culvert.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Writes to a {@link StreamPipe}; nothing is held back, so {@link #flush()} has nothing to do. Any thread, one at a time. */
final class PipeOutput extends OutputStream {
    private final StreamPipe pipe;

    PipeOutput(StreamPipe pipe) {
        this.pipe = pipe;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        PipeTransfer.write(pipe, ByteBuffer.wrap(bytes, offset, length));
    }

    StreamPipe pipe() {
        return pipe;
    }

    @Override
    public void close() {
        pipe.finish();
    }
}
