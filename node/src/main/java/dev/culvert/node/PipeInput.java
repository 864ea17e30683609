package dev.culvert.node;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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
        return length == 0 ? 0 : pipe.read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int available() throws IOException {
        return pipe.available();
    }

    /** To another stream of ours the pieces go as they are; elsewhere without a buffer in between. */
    @Override
    public long transferTo(OutputStream out) throws IOException {
        if (out instanceof PipeOutput other) {
            return PipeTransfer.pieces(pipe, other.pipe());
        }
        long bytes = 0;
        for (ByteBuf data = pipe.read(); data != null; data = pipe.read()) {
            int part = data.readableBytes();
            try {
                data.readBytes(out, part);
            } finally {
                data.release();
                pipe.used(part);
            }
            bytes += part;
        }
        return bytes;
    }

    @Override
    public void close() {
        pipe.stopReading();
    }
}
