package dev.culvert.mux;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The bytes that a stream has yet to send, and its place in the line. Exists only while there are any. Owned by its stream. */
final class Outbox {
    final SendScheduler.Turn<MuxStream> turn;
    private @Nullable ByteBuf head;
    private @Nullable ArrayDeque<ByteBuf> rest;
    private int bytes;

    Outbox(MuxStream stream) {
        this.turn = new SendScheduler.Turn<>(stream);
    }

    int bytes() {
        return bytes;
    }

    /** Takes ownership of {@code data}, which is not empty. */
    void add(ByteBuf data) {
        bytes += data.readableBytes();
        if (head == null) {
            head = data;
            return;
        }
        if (rest == null) {
            rest = new ArrayDeque<>(4);
        }
        rest.add(data);
    }

    /** Moves the first {@code count} bytes into {@code batch}. */
    void moveTo(FrameBatch batch, int count) {
        int left = count;
        while (left > 0) {
            ByteBuf first = head();
            int piece = first.readableBytes();
            if (piece <= left) {
                advance();
                batch.payload(first);
                left -= piece;
            } else {
                batch.payloadPart(first, left);
                left = 0;
            }
        }
        bytes -= count;
    }

    /** Releases everything. */
    void purge() {
        while (head != null) {
            head.release();
            advance();
        }
        bytes = 0;
    }

    private ByteBuf head() {
        ByteBuf first = head;
        if (first == null) {
            throw new IllegalStateException("outbox is empty");
        }
        return first;
    }

    private void advance() {
        head = rest == null ? null : rest.poll();
    }
}
