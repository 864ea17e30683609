package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.culvert.node.RawHttp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A client of HTTP/2 that says each frame as the test writes it, and hears each frame. Belongs to one test. */
final class Http2Peer implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    /** What happens instead of a frame when the connection ends. */
    static final int CLOSED = -1;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ACK = 1;
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final Map<Integer, Integer> granted = new HashMap<>();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    private Http2Peer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** One frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** Of RST_STREAM and GOAWAY. */
        int error() {
            return number(type == GOAWAY ? 4 : 0);
        }

        int number(int at) {
            return Unpooled.wrappedBuffer(payload).getInt(at);
        }

        String text() {
            return new String(payload, ISO_8859_1);
        }
    }

    /** A whole answer. */
    record Answer(Map<String, String> head, String body, Map<String, String> trailers) {
        String status() {
            return head.get(":status");
        }
    }

    /** Connected, with settings exchanged. */
    static Http2Peer connect(int port) throws IOException {
        Http2Peer peer = raw(port);
        peer.bytes(PREFACE.getBytes(ISO_8859_1));
        peer.frame(SETTINGS, 0, 0);
        return peer;
    }

    /** Connected, and nothing said. */
    static Http2Peer raw(int port) throws IOException {
        return new Http2Peer(RawHttp.connect(port));
    }

    void bytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void frame(int type, int flags, int stream, byte... payload) throws IOException {
        ByteBuf head = Unpooled.buffer(9 + payload.length);
        head.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        head.writeBytes(payload);
        bytes(Arrays.copyOf(head.array(), head.readableBytes()));
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** Names and values in turn, each as a literal that is not indexed. RFC 7541, 6.2.2 */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            for (length -= 127; length >= 128; length >>= 7) {
                block.write(length & 127 | 128);
            }
            block.write(length);
        }
        block.writeBytes(text.getBytes(ISO_8859_1));
    }

    /** The usual pseudo-headers and more. */
    static String[] fields(String method, String authority, String path, String... more) {
        List<String> all =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", authority, ":path", path));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    void request(int stream, boolean end, String... fields) throws IOException {
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
    }

    void get(int stream, String service, String path) throws IOException {
        request(stream, true, fields("GET", service + ".localhost", path));
    }

    void data(int stream, boolean end, String text) throws IOException {
        frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(ISO_8859_1));
    }

    void grant(int stream, int bytes) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, Unpooled.copyInt(bytes).array());
    }

    /** What the gateway has granted so far, beyond the initial window. */
    int granted(int stream) {
        return granted.getOrDefault(stream, 0);
    }

    /** Whatever comes next. */
    Frame next() throws IOException {
        try {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            Frame frame = new Frame(type, flags, stream, in.readNBytes(length));
            if (type == WINDOW_UPDATE) {
                granted.merge(stream, frame.number(0), Integer::sum);
            }
            return frame;
        } catch (EOFException | SocketException ended) {
            return new Frame(CLOSED, 0, 0, new byte[0]);
        }
    }

    /** The next of a type, or the end; settings are acknowledged on the way, data is not granted. */
    Frame await(int type) throws IOException {
        for (Frame frame = next(); ; frame = next()) {
            acknowledge(frame);
            if (frame.type() == type || frame.type() == CLOSED) {
                return frame;
            }
        }
    }

    private void acknowledge(Frame frame) throws IOException {
        if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
            try {
                frame(SETTINGS, ACK, 0);
            } catch (SocketException ended) {
                return; // what came before the end is still to be read
            }
        }
    }

    Map<String, String> head(Frame frame) throws IOException {
        try {
            Http2Headers headers = decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
            Map<String, String> map = new LinkedHashMap<>();
            headers.forEach(field ->
                    map.merge(field.getKey().toString(), field.getValue().toString(), (one, two) -> one + ", " + two));
            return map;
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /** The next final answer on a stream; those of other streams are thrown away. */
    Answer answer(int stream) throws IOException {
        Map<String, String> head = null;
        StringBuilder body = new StringBuilder();
        while (true) {
            Frame frame = await(next -> next.type() == HEADERS || next.stream() == stream);
            Map<String, String> fields = frame.type() == HEADERS ? head(frame) : Map.of();
            if (frame.type() != HEADERS && frame.type() != DATA) {
                throw new IOException("frame " + frame.type() + " with " + frame.error() + " instead of an answer");
            }
            if (frame.stream() != stream || fields.getOrDefault(":status", "").startsWith("1")) {
                continue;
            }
            body.append(frame.type() == DATA ? frame.text() : "");
            boolean trailers = head != null && frame.type() == HEADERS;
            head = head == null ? fields : head;
            if (frame.ends()) {
                return new Answer(head, body.toString(), trailers ? fields : Map.of());
            }
        }
    }

    private Frame await(Predicate<Frame> wanted) throws IOException {
        for (Frame frame = next(); ; frame = next()) {
            acknowledge(frame);
            if (frame.type() == DATA && frame.payload().length > 0) {
                grant(0, frame.payload().length);
            }
            if (frame.type() == CLOSED) {
                throw new EOFException("the connection ended");
            }
            if (wanted.test(frame) && frame.type() != WINDOW_UPDATE) {
                return frame;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
