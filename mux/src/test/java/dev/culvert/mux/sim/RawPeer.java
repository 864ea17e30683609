package dev.culvert.mux.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A peer that is a script: it sends the frames and bytes it is told to, proper or not, and keeps every frame that comes.
 * Only pings it answers by itself and does not show, unless told otherwise. Owned by its simulation's thread.
 */
public final class RawPeer {
    private final SimNet net;
    private final Channel channel;
    private final int version;
    private final ArrayDeque<Frame> received = new ArrayDeque<>();
    private boolean answersPings = true;
    private boolean closed;

    /** @param version the byte that this peer puts into frames made by its own short forms */
    public RawPeer(SimNet net, Channel channel, int version) {
        this.net = net;
        this.channel = channel;
        this.version = version;
        channel.pipeline().addLast(new Ears());
    }

    public RawPeer send(Frame... frames) {
        for (Frame frame : frames) {
            channel.write(frame.encode(net.alloc()));
        }
        channel.flush();
        return this;
    }

    public RawPeer sendBytes(byte... bytes) {
        channel.writeAndFlush(Unpooled.copiedBuffer(bytes));
        return this;
    }

    public RawPeer data(int flags, int id, byte... payload) {
        return send(Frame.data(version, flags, id, payload));
    }

    public RawPeer data(int flags, int id, String payload) {
        return send(Frame.data(version, flags, id, payload));
    }

    public RawPeer windowUpdate(int flags, int id, int credit) {
        return send(Frame.windowUpdate(version, flags, id, credit));
    }

    public RawPeer ping(int flags, int value) {
        return send(Frame.ping(version, flags, value));
    }

    /** Leaves pings to the script: they are shown and not answered. */
    public RawPeer leavingPings() {
        answersPings = false;
        return this;
    }

    /** Stops reading: what the session writes stays in the socket buffers. */
    public void deaf(boolean deaf) {
        channel.config().setAutoRead(!deaf);
    }

    public void close() {
        channel.close();
    }

    /** Whether the session has closed the connection. */
    public boolean closed() {
        return closed;
    }

    /** Removes and returns the next frame; runs the network for at most a second of virtual time until one comes. */
    public Frame next() {
        return next(Duration.ofSeconds(1));
    }

    public Frame next(Duration limit) {
        net.runUntil(() -> !received.isEmpty(), limit, "a frame");
        return received.remove();
    }

    /** Removes frames up to and including the first that fits. */
    public Frame nextThat(Predicate<Frame> fits, Duration limit) {
        while (true) {
            Frame frame = next(limit);
            if (fits.test(frame)) {
                return frame;
            }
        }
    }

    /** Lets a millisecond pass and removes everything that has come. */
    public List<Frame> drain() {
        return drain(Duration.ofMillis(1));
    }

    public List<Frame> drain(Duration time) {
        net.advance(time);
        List<Frame> frames = new ArrayList<>(received);
        received.clear();
        return frames;
    }

    /** What has come and was not removed. */
    public List<Frame> waiting() {
        return List.copyOf(received);
    }

    private final class Ears extends ChannelInboundHandlerAdapter {
        private final FrameParser parser = new FrameParser(true, this::onFrame);
        private @Nullable Throwable cause;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                parser.feed(bytes);
            } finally {
                bytes.release();
            }
        }

        private void onFrame(Frame frame) {
            if (answersPings && frame.type() == Frame.PING && frame.flags() == Frame.SYN) {
                send(Frame.ping(frame.version(), Frame.ACK, frame.length()));
            } else {
                received.add(frame);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed = true;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
            if (cause == null) {
                cause = thrown;
                net.fail(thrown);
            }
        }
    }
}
