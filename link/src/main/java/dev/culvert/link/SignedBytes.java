package dev.culvert.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes that signatures of the handshake are over; each kind begins with a text of its own. <em>Stateless.</em> */
final class SignedBytes {
    private static final byte[] HELLO = context("culvert/1 hello");
    private static final byte[] WELCOME = context("culvert/1 welcome");
    private static final byte[] CLOCK = context("culvert/1 clock");

    private SignedBytes() {}

    /** What the dialler signs. [LINK-21] */
    static byte[] hello(byte[] relayKey, byte[] nonce, long timeMillis, byte[] hello) {
        return ByteBuffer.allocate(HELLO.length + relayKey.length + nonce.length + Long.BYTES + hello.length)
                .put(HELLO)
                .put(relayKey)
                .put(nonce)
                .putLong(timeMillis)
                .put(hello)
                .array();
    }

    /** What the relay signs to prove itself. [LINK-23] */
    static byte[] welcome(byte[] nonce, byte[] welcome) {
        return ByteBuffer.allocate(WELCOME.length + nonce.length + welcome.length)
                .put(WELCOME)
                .put(nonce)
                .put(welcome)
                .array();
    }

    /** What the relay signs so that a dialler may believe its clock. [LINK-22] */
    static byte[] clock(byte[] nonce, long timeMillis) {
        return ByteBuffer.allocate(CLOCK.length + nonce.length + Long.BYTES)
                .put(CLOCK)
                .put(nonce)
                .putLong(timeMillis)
                .array();
    }

    private static byte[] context(String text) {
        return (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }
}
