package dev.culvert.http2;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * {@link Incoming} connections as a Netty server channel. Owned by its own event loop, which may be of any kind. It has its address already:
 * binding it, to whatever address, begins to accept.
 */
final class ListenerChannel extends AbstractServerChannel {
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Incoming incoming;
    private @Nullable Future<Connection> next;
    private boolean bound;
    private volatile boolean open = true;

    ListenerChannel(Incoming incoming) {
        this.incoming = incoming;
    }

    @Override
    protected void doBind(SocketAddress local) {
        bound = true;
    }

    @Override
    protected void doBeginRead() {
        if (next == null && open) {
            Future<Connection> asked = incoming.take(0);
            next = asked;
            asked.addListener(done -> onLoop(() -> onAccepted(asked), asked));
        }
    }

    private void onAccepted(Future<Connection> asked) {
        next = null;
        if (!open) {
            closeIfSuccess(asked);
        } else if (asked.isSuccess()) {
            pipeline().fireChannelRead(new ConnectionChannel(this, asked.getNow()));
            pipeline().fireChannelReadComplete();
        } else {
            unsafe().close(unsafe().voidPromise()); // the listener is closed
        }
    }

    private void onLoop(Runnable task, Future<Connection> asked) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            closeIfSuccess(asked);
        }
    }

    private static void closeIfSuccess(Future<Connection> asked) {
        if (asked.isSuccess()) {
            asked.getNow().close();
        }
    }

    @Override
    protected void doClose() {
        open = false;
        if (next != null) {
            next.cancel(false);
        }
        incoming.onFaceClosed();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return incoming.address();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && bound;
    }
}
