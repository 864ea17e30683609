package dev.culvert.mux;

import io.netty.buffer.ByteBuf;

/**
 * Cuts a byte stream, in pieces of any size, into frame headers and payload as it arrives. Holds at most one unfinished
 * header, never payload. Owned by its session's event loop. Pure.
 */
final class FrameDecoder {
    /** Where the frames go. */
    interface Sink {
        /** A whole header; for Data, {@code length} bytes of payload follow (unsigned). */
        void onHeader(long word, int length) throws ProtocolViolation;

        /** The next {@code bytes} of payload, at the reader index of {@code in}; the decoder skips what the sink leaves. */
        void onPayload(ByteBuf in, int bytes, boolean last) throws ProtocolViolation;

        /** Whether nothing more is wanted. */
        boolean isOver();
    }

    private final Sink sink;
    private long word;
    private int length;
    private int have;
    private long payloadLeft;

    FrameDecoder(Sink sink) {
        this.sink = sink;
    }

    /** Reads all of {@code in}, or less if the sink is over; does not release it. */
    void decode(ByteBuf in) throws ProtocolViolation {
        while (in.isReadable() && !sink.isOver()) {
            if (payloadLeft > 0) {
                payload(in);
            } else if (have == 0 && in.readableBytes() >= FrameHeader.LENGTH) {
                header(in.readLong(), in.readInt());
            } else {
                carry(in.readUnsignedByte());
            }
        }
    }

    private void payload(ByteBuf in) throws ProtocolViolation {
        int bytes = (int) Math.min(payloadLeft, in.readableBytes());
        int end = in.readerIndex() + bytes;
        payloadLeft -= bytes;
        sink.onPayload(in, bytes, payloadLeft == 0);
        in.readerIndex(end);
    }

    private void carry(int octet) throws ProtocolViolation {
        if (have < 8) {
            word = word << 8 | octet;
        } else {
            length = length << 8 | octet;
        }
        if (++have == FrameHeader.LENGTH) {
            have = 0;
            header(word, length);
        }
    }

    private void header(long head, int bytes) throws ProtocolViolation {
        if (FrameHeader.type(head) == FrameHeader.DATA) {
            payloadLeft = Integer.toUnsignedLong(bytes);
        }
        sink.onHeader(head, bytes);
    }
}
