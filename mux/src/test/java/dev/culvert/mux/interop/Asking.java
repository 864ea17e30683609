package dev.culvert.mux.interop;

import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * The asking end of one stream: sends a head, then a payload, finishes, and compares what comes back. Owned by its stream's
 * event loop; its future may be awaited on any thread.
 */
final class Asking implements StreamHandler {
    private static final int BOUND = 128 * 1024;
    private static final int PIECE = 16 * 1024;

    private final CompletableFuture<ByteBuf> done = new CompletableFuture<>();
    private final ByteBuf tail = Unpooled.buffer();
    private final long payload;
    private final long expectedPayload;
    private final boolean finishesFirst;
    private boolean waitsForReset;
    private long sent;
    private long received;
    private boolean finished;

    private Asking(long payload, long expectedPayload, boolean finishesFirst) {
        this.payload = payload;
        this.expectedPayload = expectedPayload;
        this.finishesFirst = finishesFirst;
    }

    /** Payload both ways at once; the answer is one byte {@code k}. */
    static CompletableFuture<ByteBuf> bulk(MuxSession session, long bytes) {
        ByteBuf head = Unpooled.buffer(9).writeByte('B').writeLong(bytes);
        return new Asking(bytes, bytes, false).open(session, head);
    }

    /** Payload, FIN, and then the answer: count and checksum. */
    static CompletableFuture<ByteBuf> count(MuxSession session, long bytes) {
        return new Asking(bytes, 0, true).open(session, Unpooled.buffer(1).writeByte('C'));
    }

    /** A message that comes back. */
    static CompletableFuture<ByteBuf> echo(MuxSession session, String message) {
        ByteBuf head = Unpooled.buffer().writeByte('E');
        head.writeCharSequence(message, StandardCharsets.UTF_8);
        return new Asking(0, 0, true).open(session, head);
    }

    /** A stream that the peer resets; the future completes exceptionally. */
    static CompletableFuture<ByteBuf> reset(MuxSession session) {
        Asking asking = new Asking(0, 0, false);
        asking.waitsForReset = true;
        return asking.open(session, Unpooled.buffer(1).writeByte('X'));
    }

    private CompletableFuture<ByteBuf> open(MuxSession session, ByteBuf head) {
        try {
            MuxStream stream = session.open(this);
            stream.write(head);
            pump(stream);
        } catch (MuxException refused) {
            head.release();
            done.completeExceptionally(refused);
        }
        return done;
    }

    private void pump(MuxStream stream) {
        ByteBufAllocator alloc = stream.session().channel().alloc();
        while (sent < payload && stream.queued() < BOUND) {
            int length = (int) Math.min(PIECE, payload - sent);
            ByteBuf piece = Pattern.slice(alloc, sent, length);
            sent += length;
            stream.write(piece);
        }
        if (sent == payload && finishesFirst) {
            finish(stream);
        }
    }

    private void finish(MuxStream stream) {
        if (!finished) {
            finished = true;
            stream.finish();
        }
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        int bytes = data.readableBytes();
        int ofPayload = (int) Math.min(bytes, expectedPayload - received);
        if (ofPayload > 0) {
            long wrong = Pattern.mismatch(received, data.slice(data.readerIndex(), ofPayload));
            if (wrong >= 0) {
                done.completeExceptionally(new AssertionError("byte " + wrong + " differs"));
            }
            received += ofPayload;
        }
        tail.writeBytes(data, data.readerIndex() + ofPayload, bytes - ofPayload);
        data.release();
        stream.consumed(bytes);
    }

    @Override
    public void onWritten(MuxStream stream, int bytes) {
        pump(stream);
    }

    @Override
    public void onFinish(MuxStream stream) {
        if (!waitsForReset) {
            finish(stream);
        }
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        done.completeExceptionally(new IllegalStateException("reset " + code));
    }

    @Override
    public void onClosed(MuxStream stream) {
        if (received == expectedPayload) {
            done.complete(tail);
        } else {
            done.completeExceptionally(new AssertionError("ended after " + received + " of " + expectedPayload));
        }
    }
}
