package dev.culvert.api.net;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** The bytes that leave a socket; none is held back. Any thread. {@link java.net.Socket} hands it out, and closes itself with it. */
final class SocketOutput extends OutputStream {
    private final SocketOverStream socket;

    SocketOutput(SocketOverStream socket) {
        this.socket = socket;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        socket.write(bytes, offset, length);
    }

    @Override
    public void close() {
        socket.close();
    }
}
