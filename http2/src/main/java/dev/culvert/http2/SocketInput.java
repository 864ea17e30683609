package dev.culvert.http2;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The bytes that come to a {@link ConnectionSocket}. Any thread. Closing it closes the socket. */
final class SocketInput extends InputStream {
    private final ConnectionSocket socket;
    private final SocketBytes bytes;

    SocketInput(ConnectionSocket socket, SocketBytes bytes) {
        this.socket = socket;
        this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        return length == 0 ? 0 : bytes.read(target, offset, length, socket.getSoTimeout());
    }

    @Override
    public int available() throws IOException {
        return bytes.available();
    }

    @Override
    public void close() {
        socket.close();
    }
}
