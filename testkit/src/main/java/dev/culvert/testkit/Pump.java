package dev.culvert.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One direction of a {@link Cable}: takes bytes and lets them go when the weather permits. Owned by the link's event loop. */
final class Pump extends ChannelInboundHandlerAdapter {
    /** Bytes under way at most; then the sender is not read any more. */
    private static final int MAX_HELD = 256 * 1024;

    private static final double NANOS_PER_SECOND = 1e9;

    private final TestLink link;
    private final Channel from;
    private final Channel to;
    private final Runnable closed;
    private final Deque<Held> held = new ArrayDeque<>();
    private @Nullable Future<?> timer;
    private long freeNanos;
    private int bytes;
    private boolean closing;
    private boolean ended;

    Pump(TestLink link, Channel from, Channel to, Runnable closed) {
        this.link = link;
        this.from = from;
        this.to = to;
        this.closed = closed;
    }

    private record Held(long sentNanos, ByteBuf data) {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (ended || link.weather().silent()) {
            data.release();
            return;
        }
        bytes += data.readableBytes();
        held.add(new Held(nowNanos(), data));
        if (bytes > MAX_HELD) {
            from.config().setAutoRead(false);
        }
        pump();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        pump();
    }

    /** Passes on what is due, and comes again for the rest. */
    void pump() {
        TestLink.Weather weather = link.weather();
        if (weather.silent()) {
            discard();
        }
        while (!weather.stalled() && !held.isEmpty() && dueNanos(weather) <= nowNanos()) {
            pass(held.remove().data(), weather);
        }
        to.flush();
        if (!held.isEmpty() && !weather.stalled() && timer == null) {
            long wait = Math.max(0, dueNanos(weather) - nowNanos());
            timer = link.loop().schedule(this::onTimer, wait, TimeUnit.NANOSECONDS);
        }
        if (closing && held.isEmpty()) {
            closed.run();
        }
    }

    private void onTimer() {
        timer = null;
        pump();
    }

    private long dueNanos(TestLink.Weather weather) {
        return Math.max(held.element().sentNanos() + weather.delayNanos(), freeNanos);
    }

    private void pass(ByteBuf data, TestLink.Weather weather) {
        int length = data.readableBytes();
        if (weather.bytesPerSecond() > 0) {
            freeNanos = nowNanos() + (long) (length * NANOS_PER_SECOND / weather.bytesPerSecond());
        }
        bytes -= length;
        to.write(data);
        if (bytes <= MAX_HELD / 2) {
            from.config().setAutoRead(true);
        }
    }

    private void discard() {
        held.forEach(one -> one.data().release());
        held.clear();
        bytes = 0;
        from.config().setAutoRead(true);
    }

    void end() {
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
        held.forEach(one -> one.data().release());
        held.clear();
    }

    private long nowNanos() {
        return link.loop().ticker().nanoTime();
    }
}
