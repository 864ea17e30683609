package dev.culvert.mux.interop;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * The serving end of one stream, as the foreign peers have it too: the first byte says what to do ({@code B} bulk both ways,
 * {@code C} count and checksum, {@code E} echo, {@code X} reset). Owned by its stream's event loop.
 */
final class Answering implements StreamHandler {
    private static final int BOUND = 128 * 1024;
    private static final int PIECE = 16 * 1024;

    private final Consumer<String> complaints;
    private final ByteBuf head = Unpooled.buffer(9);
    private final CRC32 crc = new CRC32();
    private char command;
    private long received;
    private long bulk = -1;
    private long sent;
    private boolean answered;

    Answering(Consumer<String> complaints) {
        this.complaints = complaints;
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        int bytes = data.readableBytes();
        try {
            if (command == 0) {
                command = (char) data.readByte();
            }
            take(stream, data);
        } finally {
            data.release();
        }
        if (command != 'E') {
            stream.consumed(bytes);
        } else if (received == 0 && bytes > 0) {
            stream.consumed(1);
            received = 1;
        }
    }

    private void take(MuxStream stream, ByteBuf data) {
        switch (command) {
            case 'B' -> takeBulk(stream, data);
            case 'C' -> takeCounted(data);
            case 'E' -> stream.write(data.readRetainedSlice(data.readableBytes()));
            case 'X' -> stream.reset(ErrorCode.CANCELLED.number());
            default -> complaints.accept("unknown command " + command);
        }
    }

    private void takeBulk(MuxStream stream, ByteBuf data) {
        if (bulk < 0) {
            head.writeBytes(data, Math.min(data.readableBytes(), 8 - head.readableBytes()));
            if (head.readableBytes() < 8) {
                return;
            }
            bulk = head.readLong();
        }
        long wrong = Pattern.mismatch(received, data);
        if (wrong >= 0) {
            complaints.accept("byte " + wrong + " of a bulk stream differs");
        }
        received += data.readableBytes();
        pump(stream);
    }

    private void takeCounted(ByteBuf data) {
        crc.update(data.nioBuffer());
        received += data.readableBytes();
    }

    private void pump(MuxStream stream) {
        ByteBufAllocator alloc = stream.session().channel().alloc();
        while (sent < bulk && stream.queued() < BOUND) {
            int length = (int) Math.min(PIECE, bulk - sent);
            ByteBuf piece = Pattern.slice(alloc, sent, length);
            sent += length;
            stream.write(piece);
        }
        if (sent == bulk && received == bulk && !answered) {
            answered = true;
            stream.write(alloc.buffer().writeByte('k'));
            stream.finish();
        }
    }

    @Override
    public void onWritten(MuxStream stream, int bytes) {
        if (command == 'E') {
            stream.consumed(bytes);
        } else if (command == 'B') {
            pump(stream);
        }
    }

    @Override
    public void onFinish(MuxStream stream) {
        if (command == 'C') {
            ByteBuf reply = stream.session().channel().alloc().buffer(12);
            stream.write(reply.writeLong(received).writeInt((int) crc.getValue()));
        }
        if (command != 'B' || answered) {
            stream.finish();
        }
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        if (command == 'B') {
            complaints.accept("a bulk stream was reset with " + code);
        }
    }
}
