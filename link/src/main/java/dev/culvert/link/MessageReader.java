package dev.culvert.link;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads protobuf messages that are preceded by their length as a varint, from bytes in any fragments. Owned by its stream's event
 * loop. Takes no more bytes than the message has, so that what follows it stays in the buffer; holds at most twice what has
 * arrived, never what a length only promises. Unknown fields are dropped. After a violation it must not be used again. [LINK-11] [OPEN-1]
 *
 * @param <M> the message
 */
public final class MessageReader<M extends Message> {
    private static final int LONGEST_VARINT = 5;
    private static final int FIRST_CHUNK = 256;
    private static final byte[] NOTHING = {};

    private final Parser<M> parser;
    private int limit;
    private int varintBytes;
    private long length;
    private boolean lengthKnown;
    private byte[] body = NOTHING;
    private int filled;

    /** @param limit the longest message that is taken, in bytes */
    public MessageReader(Parser<M> parser, int limit) {
        this.parser = DiscardUnknownFieldsParser.wrap(parser);
        this.limit = limit;
    }

    /** Takes effect with the next message whose length has not been read. */
    public void limit(int newLimit) {
        limit = newLimit;
    }

    /** Whether part of a message has arrived. */
    public boolean inMessage() {
        return varintBytes > 0;
    }

    /**
     * The next message, or null when {@code in} has been used up before its end. Moves the reader index and does not release.
     *
     * @throws ProtocolViolation TOO_LARGE beyond the limit, PROTOCOL for bytes that are no message
     */
    public @Nullable M read(ByteBuf in) throws ProtocolViolation {
        if (!lengthKnown && !readLength(in)) {
            return null;
        }
        int missing = (int) length - filled;
        if (filled == 0 && in.readableBytes() >= missing) {
            return whole(in, missing);
        }
        int taken = Math.min(missing, in.readableBytes());
        keep(in, taken);
        return taken == missing ? parse(body, filled) : null;
    }

    private boolean readLength(ByteBuf in) throws ProtocolViolation {
        while (in.isReadable()) {
            byte next = in.readByte();
            length |= (long) (next & 0x7f) << 7 * varintBytes;
            varintBytes++;
            if (next >= 0) {
                checkLength();
                lengthKnown = true;
                return true;
            }
            if (varintBytes == LONGEST_VARINT) {
                throw new ProtocolViolation(
                        ErrorCode.PROTOCOL, "a length of more than " + LONGEST_VARINT + " bytes (expected: a varint)");
            }
        }
        return false;
    }

    private void checkLength() throws ProtocolViolation {
        if (length > limit) {
            throw new ProtocolViolation(
                    ErrorCode.TOO_LARGE, "a message of " + length + " bytes (expected: at most " + limit + ")");
        }
    }

    private M whole(ByteBuf in, int size) throws ProtocolViolation {
        byte[] bytes = new byte[size];
        in.readBytes(bytes);
        return parse(bytes, size);
    }

    private void keep(ByteBuf in, int count) {
        if (filled + count > body.length) {
            int size = (int) Math.min(length, Math.max(FIRST_CHUNK, 2L * (filled + count)));
            body = Arrays.copyOf(body, size);
        }
        in.readBytes(body, filled, count);
        filled += count;
    }

    private M parse(byte[] bytes, int size) throws ProtocolViolation {
        startAnew();
        try {
            return parser.parseFrom(bytes, 0, size);
        } catch (InvalidProtocolBufferException e) {
            throw new ProtocolViolation(ErrorCode.PROTOCOL, "bytes that are no message: " + e.getMessage());
        }
    }

    private void startAnew() {
        varintBytes = 0;
        length = 0;
        lengthKnown = false;
        body = NOTHING;
        filled = 0;
    }
}
