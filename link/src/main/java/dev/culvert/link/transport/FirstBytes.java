package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the first 12 bytes of a connection say about the rest. [LINK-1] <em>Immutable.</em> */
enum FirstBytes {
    /** A TLS record that begins a handshake. */
    TLS,
    /** A whole yamux header that may begin a session. */
    LINK,
    /** An HTTP/1 method or the HTTP/2 preface. */
    HTTP,
    /** A PROXY protocol v2 header. */
    PROXY,
    /** Nothing that is known here. */
    UNKNOWN;

    /** How many bytes decide. */
    static final int COUNT = 12;

    private static final byte[] PROXY_SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final List<String> METHODS = List.of(
            "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PRI * HTTP/2");
    private static final int TLS_HANDSHAKE = 22;
    private static final int TLS_MAJOR = 3;
    private static final int CLIENT_HELLO = 1;

    private static final int DATA = 0;
    private static final int WINDOW_UPDATE = 1;
    private static final int PING = 2;
    private static final int SYN = 1;

    /** Looks at the bytes from the reader index on, at least {@link #COUNT}, and leaves the index where it is. */
    static FirstBytes of(ByteBuf in) {
        if (isTls(in)) {
            return TLS;
        }
        if (isLink(in)) {
            return LINK;
        }
        if (METHODS.stream().anyMatch(method -> startsWith(in, method.getBytes(StandardCharsets.US_ASCII)))) {
            return HTTP;
        }
        return startsWith(in, PROXY_SIGNATURE) ? PROXY : UNKNOWN;
    }

    /** A record header alone is three bytes; with the type of the message behind it nothing else looks like it. */
    private static boolean isTls(ByteBuf in) {
        int at = in.readerIndex();
        return in.getUnsignedByte(at) == TLS_HANDSHAKE
                && in.getUnsignedByte(at + 1) == TLS_MAJOR
                && in.getUnsignedByte(at + 5) == CLIENT_HELLO;
    }

    /** Version 0 or 1, SYN, and Data or WindowUpdate on stream 1, or Ping on the session. */
    private static boolean isLink(ByteBuf in) {
        int at = in.readerIndex();
        int version = in.getUnsignedByte(at);
        int type = in.getUnsignedByte(at + 1);
        int flags = in.getUnsignedShort(at + 2);
        long id = in.getUnsignedInt(at + 4);
        if (version > 1 || (flags & SYN) == 0) {
            return false;
        }
        return type == PING ? id == 0 : (type == DATA || type == WINDOW_UPDATE) && id == 1;
    }

    private static boolean startsWith(ByteBuf in, byte[] prefix) {
        int length = Math.min(prefix.length, in.readableBytes());
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != prefix[i]) {
                return false;
            }
        }
        return length == prefix.length;
    }
}
