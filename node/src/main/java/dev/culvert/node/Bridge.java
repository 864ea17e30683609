package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stream and a socket of this machine, joined: bytes, half-close and aborts go both ways, and neither side reads faster than the other
 * writes. The stream's side is owned by the stream's loop, the socket's by the channel's; they are one loop where that is possible.
 */
final class Bridge {
    /** Bytes from the socket that may wait in the stream's queue before the socket is not read any more. */
    private static final int HIGH_BYTES = 128 * 1024;

    private static final int LOW_BYTES = 64 * 1024;

    private final MuxStream stream;
    private final EventLoop streamLoop;
    private final Channel channel;
    private final SocketSide socket;
    private final @Nullable SslHandler tls;
    private final Traffic traffic;
    private final boolean targetSide;
    private final StreamState state = new StreamState();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** @param targetSide the socket leads to a service; else it is a caller's */
    Bridge(MuxStream stream, EventLoop streamLoop, Channel channel, Traffic traffic, boolean targetSide) {
        this.stream = stream;
        this.streamLoop = streamLoop;
        this.channel = channel;
        this.socket = channel.pipeline().get(SocketSide.class);
        this.tls = channel.pipeline().get(SslHandler.class);
        this.traffic = traffic;
        this.targetSide = targetSide;
    }

    /** The stream's handler; bytes may come as soon as it is installed. */
    StreamHandler streamSide() {
        return new StreamSide();
    }

    /** Takes what the socket has said and begins to read it. After the stream's side is installed. Any thread. */
    void start() {
        Hop.to(channel.eventLoop(), () -> socket.start(channel, new FromSocket()));
    }

    /** Owned by the stream's loop. */
    private static final class StreamState {
        boolean paused;
        boolean over;
        boolean stopped;
        boolean inputFinished;
        boolean outputFinished;
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            traffic.end();
        }
    }

    /** On the channel's loop: the other end sees a reset. */
    private void abortSocket() {
        if (channel.isOpen()) {
            if (channel.config().getOptions().containsKey(ChannelOption.SO_LINGER)) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
            if (tls == null) {
                channel.close();
            } else {
                channel.pipeline().context(tls).close(); // without close_notify, which would say that all is complete
            }
        }
    }

    /** On the channel's loop: the other end sees that no more comes. */
    private void finishSocket() {
        ChannelFuture told = tls == null ? channel.newSucceededFuture() : tls.closeOutbound();
        told.addListener(done -> ((DuplexChannel) channel).shutdownOutput().addListener(shut -> closeIfDone()));
    }

    /** On the stream's loop: the socket is gone before both halves were finished. [ERR-2] */
    private void lost() {
        if (!state.over && !(state.inputFinished && state.outputFinished)) {
            state.over = true;
            stream.reset((targetSide ? ErrorCode.TARGET_LOST : ErrorCode.CANCELLED).number());
        }
        end();
    }

    private void count(int bytes, boolean fromSocket) {
        if (fromSocket == targetSide) {
            traffic.out(bytes);
        } else {
            traffic.in(bytes);
        }
    }

    /** What the stream says. */
    private final class StreamSide implements StreamHandler {
        @Override
        public void onData(MuxStream from, ByteBuf data) {
            int bytes = data.readableBytes();
            count(bytes, false);
            boolean passed = Hop.reaches(
                    channel.eventLoop(),
                    () -> channel.writeAndFlush(data).addListener(written -> {
                        if (written.isSuccess()) {
                            Hop.to(streamLoop, () -> onUsed(bytes));
                        } else if (tls != null) {
                            abortSocket(); // the target has ended TLS and not TCP
                        }
                    }));
            if (!passed) {
                data.release();
            }
        }

        private void onUsed(int bytes) {
            if (!state.over) {
                stream.consumed(bytes);
            }
        }

        @Override
        public void onFinish(MuxStream from) {
            state.inputFinished = true;
            if (state.stopped) {
                Hop.to(channel.eventLoop(), Bridge.this::abortSocket);
                return;
            }
            Hop.to(
                    channel.eventLoop(),
                    () -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> finishSocket()));
        }

        @Override
        public void onReset(MuxStream from, int code) {
            state.over = true;
            end();
            Hop.to(channel.eventLoop(), Bridge.this::abortSocket);
        }

        @Override
        public void onStop(MuxStream from, int code) {
            state.stopped = true;
            state.outputFinished = true;
            resume();
            if (state.inputFinished) {
                Hop.to(channel.eventLoop(), Bridge.this::abortSocket);
            }
        }

        @Override
        public void onWritten(MuxStream from, int bytes) {
            if (state.paused && stream.queued() <= LOW_BYTES) {
                resume();
            }
        }

        @Override
        public void onClosed(MuxStream from) {
            state.over = true;
            end();
        }

        private void resume() {
            if (state.paused) {
                state.paused = false;
                Hop.to(channel.eventLoop(), () -> channel.config().setAutoRead(true));
            }
        }
    }

    /** On the channel's loop. */
    private void closeIfDone() {
        if (((DuplexChannel) channel).isShutdown()) {
            channel.close();
        }
    }

    /** What the socket says. On the channel's loop. */
    private final class FromSocket implements SocketSide.Listener {
        @Override
        public void onSocketData(ByteBuf data) {
            if (!Hop.reaches(streamLoop, () -> write(data))) {
                data.release();
            }
        }

        private void write(ByteBuf data) {
            if (state.over || state.stopped || state.outputFinished) {
                data.release();
                return;
            }
            count(data.readableBytes(), true);
            stream.write(data);
            if (!state.paused && stream.queued() > HIGH_BYTES) {
                state.paused = true;
                Hop.to(channel.eventLoop(), () -> channel.config().setAutoRead(false));
            }
        }

        @Override
        public void onSocketFinished() {
            Hop.to(streamLoop, this::finish);
            closeIfDone();
        }

        private void finish() {
            if (!state.over && !state.outputFinished) {
                state.outputFinished = true;
                stream.finish();
            }
        }

        @Override
        public void onSocketLost() {
            Hop.to(streamLoop, Bridge.this::lost);
        }
    }
}
