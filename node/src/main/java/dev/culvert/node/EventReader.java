package dev.culvert.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Cuts a stream into messages, each preceded by its length as a varint. Owned by the stream's loop. [WATCH-2] */
final class EventReader implements StreamHandler {
    static final int MAX_BYTES = 4096;

    private static final int MAX_LENGTH_BYTES = 2;

    private final Events events;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private boolean over;

    EventReader(Events events) {
        this.events = events;
    }

    /** Is told what comes. On the stream's loop. */
    interface Events {
        void onEvent(byte[] message) throws InvalidProtocolBufferException;

        /** Nothing more comes. */
        void onEnd(ErrorCode code, String text);
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        int bytes = data.readableBytes();
        ByteBuf all = rest.isReadable() ? Unpooled.wrappedBuffer(rest, data) : data;
        rest = Unpooled.EMPTY_BUFFER;
        try {
            boolean complete = true;
            while (!over && complete) {
                complete = read(all);
            }
            rest = over || !all.isReadable() ? Unpooled.EMPTY_BUFFER : Unpooled.copiedBuffer(all);
        } catch (InvalidProtocolBufferException e) {
            stream.reset(ErrorCode.PROTOCOL.number());
            end(ErrorCode.PROTOCOL, "what the relay tells is not understood: " + e.getMessage());
        } finally {
            all.release();
        }
        stream.consumed(bytes);
    }

    /** False: the next message is not complete. */
    private boolean read(ByteBuf all) throws InvalidProtocolBufferException {
        int start = all.readerIndex();
        int length = 0;
        for (int i = 0; ; i++) {
            if (i == MAX_LENGTH_BYTES) {
                throw new InvalidProtocolBufferException("a message of more than " + MAX_BYTES + " bytes");
            }
            if (!all.isReadable()) {
                all.readerIndex(start);
                return false;
            }
            byte b = all.readByte();
            length |= (b & 0x7f) << (7 * i);
            if (b >= 0) {
                break;
            }
        }
        if (length > MAX_BYTES) {
            throw new InvalidProtocolBufferException(
                    "a message of " + length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        if (all.readableBytes() < length) {
            all.readerIndex(start);
            return false;
        }
        byte[] message = new byte[length];
        all.readBytes(message);
        events.onEvent(message);
        return true;
    }

    @Override
    public void onFinish(MuxStream stream) {
        stream.finish();
        end(ErrorCode.DRAINING, "the relay has ended the watch");
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        end(ErrorCode.of(code), "the watch was reset");
    }

    private void end(ErrorCode code, String text) {
        if (!over) {
            over = true;
            rest.release();
            rest = Unpooled.EMPTY_BUFFER;
            events.onEnd(code, text);
        }
    }
}
