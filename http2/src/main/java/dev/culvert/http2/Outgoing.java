package dev.culvert.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One connection that a {@link DialListener} dialled, until it ends. Owned by the connection's event loop. */
final class Outgoing implements Connection.Watcher {
    private static final FirstBytes FIRST_BYTES = new FirstBytes(Set.of());

    private final Channel raw;
    private final DialOptions options;
    private final InetSocketAddress remote;
    private final DialListener listener;
    private final Connection connection;
    private boolean ready;
    private boolean used;
    private boolean usedByClient;
    private long readyNanos;

    Outgoing(Channel raw, DialOptions options, InetSocketAddress remote, DialListener listener) {
        this.raw = raw;
        this.options = options;
        this.remote = remote;
        this.listener = listener;
        this.connection = new Connection(raw, this);
    }

    void begin() {
        SslContext tls = options.tls();
        if (tls != null) {
            SslHandler handler = tls.newHandler(raw.alloc(), remote.getHostString(), remote.getPort());
            handler.setHandshakeTimeoutMillis(options.connectWithin().toMillis());
            raw.pipeline().addLast(handler);
        }
        raw.pipeline().addLast(new Readiness(), connection);
    }

    Connection connection() {
        return connection;
    }

    /** Sees the connection come up. */
    private final class Readiness extends ChannelInboundHandlerAdapter {
        private boolean failed;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.fireChannelActive();
            if (options.tls() == null) {
                onReady();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    onReady();
                } else {
                    failed = true;
                    listener.onNotReady(
                            "TLS handshake failed: " + handshake.cause().getMessage());
                    raw.close();
                }
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        /** The first bytes: the other side uses the connection. */
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            boolean first = ready && !used;
            if (first && message instanceof ByteBuf bytes) {
                usedByClient = mayBeClient(bytes);
            }
            ctx.fireChannelRead(message);
            if (first) {
                used = true;
                listener.onUsed(Outgoing.this);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!ready && !failed) {
                failed = true;
                listener.onNotReady("connection ended before it was ready");
            }
            ctx.fireChannelInactive();
        }
    }

    /** Whether a client may begin so; looks at the bytes and leaves them there. */
    static boolean mayBeClient(ByteBuf first) {
        Verdict verdict = FIRST_BYTES.of(first);
        return verdict == Verdict.CLIENT || verdict == Verdict.UNDECIDED;
    }

    /** Whether the first bytes were a client's, as far as they can be known. For the listener's loop, once it was told of the use. */
    boolean isUsedByClient() {
        return usedByClient;
    }

    private void onReady() {
        byte[] name = options.announcement().bytes();
        if (name.length > 0) {
            raw.writeAndFlush(Unpooled.wrappedBuffer(name));
        }
        ready = true;
        readyNanos = raw.eventLoop().ticker().nanoTime();
        listener.onReady(this);
    }

    @Override
    public void onBytes(Connection connection) {
        // they are counted before they come here, since a face may have joined the connection
    }

    @Override
    public void onGone(Connection connection) {
        if (ready) {
            long upNanos = raw.eventLoop().ticker().nanoTime() - readyNanos;
            listener.onEnded(this, used, TimeUnit.NANOSECONDS.toMillis(upNanos));
        }
    }

    @Override
    public boolean mayBeTaken(Connection connection) {
        return true;
    }
}
