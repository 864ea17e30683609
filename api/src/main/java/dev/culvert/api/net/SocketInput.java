package dev.culvert.api.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The bytes that come to a socket. Any thread. {@link java.net.Socket} hands it out, and closes itself with it. */
final class SocketInput extends InputStream {
    private final SocketOverStream socket;

    SocketInput(SocketOverStream socket) {
        this.socket = socket;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? 0 : socket.read(bytes, offset, length);
    }

    @Override
    public int available() throws IOException {
        return socket.available();
    }

    @Override
    public void close() {
        socket.close();
    }
}
