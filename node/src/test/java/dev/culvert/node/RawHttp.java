package dev.culvert.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;

/** HTTP/1 byte by byte, for either end. <em>Stateless.</em> */
public final class RawHttp {
    private RawHttp() {}

    /** A connection to this machine that is read patiently, but not for ever. */
    public static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) Net.PATIENCE.toMillis());
        return socket;
    }

    public static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Everything that comes back until the end. */
    public static String ask(int port, String text) throws IOException {
        try (Socket socket = connect(port)) {
            write(socket, text);
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** A head, and a body of the length that it says. */
    public static String readRequest(InputStream in) throws IOException {
        String head = readHead(in);
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), ISO_8859_1);
    }

    /** To the empty line, which is part of it. */
    public static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended within the head: " + head.toString(ISO_8859_1));
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    /** One chunk of a body in chunks. */
    public static String readChunk(InputStream in) throws IOException {
        StringBuilder size = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            size.append((char) next);
        }
        String chunk = new String(in.readNBytes(Integer.parseInt(size.toString().trim(), 16)), ISO_8859_1);
        in.readNBytes(2);
        return chunk;
    }
}
