package dev.culvert.mux.sim;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a link: a line with a rate and a delay, and a bounded buffer. Bytes count as buffered from the write
 * until the read. Owned by the simulation's thread.
 */
final class SimWire {
    private static final int SEGMENT = 16 * 1024;

    private final SimNet net;
    private final SimChannel from;
    private final SimChannel to;
    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private Wire wire;
    private int occupied;
    private int unread;
    private long bytesRead;
    private long lineFreeAtNanos;
    private long lastArrivalNanos;
    private boolean lossy;
    private boolean dropped;
    private boolean ended;

    SimWire(SimNet net, Wire wire, SimChannel from, SimChannel to) {
        this.net = net;
        this.wire = wire;
        this.from = from;
        this.to = to;
    }

    void wire(Wire changed) {
        wire = changed;
    }

    int occupied() {
        return occupied;
    }

    long bytesRead() {
        return bytesRead;
    }

    /** Takes as much as the buffer has room for; returns how much that was. */
    int write(ByteBuf data) {
        int taken = Math.min(data.readableBytes(), wire.bufferBytes() - occupied);
        for (int done = 0; done < taken; ) {
            int length = Math.min(SEGMENT, taken - done);
            ByteBuf segment = net.alloc().buffer(length, length);
            segment.writeBytes(data, data.readerIndex() + done, length);
            done += length;
            send(segment);
        }
        return Math.max(taken, 0);
    }

    /** The next piece that the receiver reads, {@code null} if nothing has arrived. */
    @Nullable
    ByteBuf read() {
        ByteBuf head = arrived.peek();
        if (head == null) {
            return null;
        }
        int length = Math.min(head.readableBytes(), Math.max(1, wire.chop().next(bytesRead, head.readableBytes())));
        ByteBuf piece = net.alloc().buffer(length, length).writeBytes(head, length);
        if (!head.isReadable()) {
            arrived.remove().release();
        }
        bytesRead += length;
        unread -= length;
        occupied -= length;
        from.roomToWrite();
        return piece;
    }

    /** The sender has closed: the receiver sees it after what is on the way. */
    void end() {
        if (!dropped && !lossy) {
            to.eventLoop().schedule(this::onEnd, delayFor(0), TimeUnit.NANOSECONDS);
        }
    }

    boolean endReached() {
        return ended && unread == 0;
    }

    void lose() {
        lossy = true;
    }

    void heal() {
        lossy = false;
        while (!held.isEmpty()) {
            arrive(held.remove());
        }
    }

    void drop() {
        dropped = true;
        arrived.forEach(ByteBuf::release);
        arrived.clear();
        held.forEach(ByteBuf::release);
        held.clear();
        occupied = 0;
        unread = 0;
    }

    private void send(ByteBuf segment) {
        occupied += segment.readableBytes();
        long delay = delayFor(segment.readableBytes());
        to.eventLoop().schedule(() -> arrive(segment), delay, TimeUnit.NANOSECONDS);
    }

    private long delayFor(int bytes) {
        long now = net.nowNanos();
        long rate = wire.bytesPerSecond();
        long onLine = rate == 0 ? 0 : bytes * 1_000_000_000L / rate;
        lineFreeAtNanos = Math.max(now, lineFreeAtNanos) + onLine;
        lastArrivalNanos = Math.max(lastArrivalNanos, lineFreeAtNanos + wire.delayNanos());
        return lastArrivalNanos - now;
    }

    private void arrive(ByteBuf segment) {
        if (dropped) {
            segment.release();
        } else if (lossy) {
            held.add(segment);
        } else {
            unread += segment.readableBytes();
            arrived.add(segment);
            to.readable();
        }
    }

    private void onEnd() {
        ended = true;
        to.readable();
    }
}
