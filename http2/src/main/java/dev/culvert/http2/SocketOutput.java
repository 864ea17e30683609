package dev.culvert.http2;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** The bytes that leave a {@link ConnectionSocket}; none is held back. Any thread. Closing it closes the socket. */
final class SocketOutput extends OutputStream {
    private final ConnectionSocket socket;
    private final SocketBytes bytes;

    SocketOutput(ConnectionSocket socket, SocketBytes bytes) {
        this.socket = socket;
        this.bytes = bytes;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        bytes.write(source, offset, length);
    }

    @Override
    public void close() {
        socket.close();
    }
}
