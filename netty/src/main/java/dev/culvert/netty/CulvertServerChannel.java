package dev.culvert.netty;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.node.Arrival;
import dev.culvert.node.CulvertNode;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A service as a Netty server channel; its children are {@link CulvertChannel}s. Lives on any event loop, which owns it. Binds to a {@link
 * CulvertAddress} without a node, or to an {@code InetSocketAddress} whose host is the service's name; that may take as long as a relay
 * needs to answer, and fails with {@link dev.culvert.api.RegistrationException}. Callers beyond the backlog are refused BUSY.
 */
public final class CulvertServerChannel extends AbstractServerChannel {
    private static final int MAX_READS = 16;

    private final CulvertNode node;
    private final ServiceConfig config = new ServiceConfig(this);
    private final Runnable closeWithLoop = this::closeNow;
    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private volatile State state = State.OPEN;
    private volatile @Nullable SocketAddress local;
    private @Nullable CompletableFuture<Binding> binding;
    private boolean readWanted;

    private enum State {
        OPEN,
        BOUND,
        CLOSED
    }

    private CulvertServerChannel(CulvertNode node) {
        this.node = node;
        pipeline().addLast("culvert-register", new Registering());
    }

    /**
     * Makes channels that offer a service, for {@code ServerBootstrap.channelFactory} and the like.
     *
     * @param node as {@link Node#join} or {@link Node#builder} start it
     */
    public static ChannelFactory<CulvertServerChannel> factory(Node node) {
        CulvertNode engine = CulvertChannel.engine(node);
        return () -> new CulvertServerChannel(engine);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return state != State.CLOSED;
    }

    @Override
    public boolean isActive() {
        return state == State.BOUND;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    private void closeNow() {
        unsafe().close(unsafe().voidPromise());
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        if (eventLoop() instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(closeWithLoop);
        }
        promise.setSuccess();
    }

    @Override
    protected void doDeregister() {
        if (eventLoop() instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(closeWithLoop);
        }
    }

    /** The name is registered already, see {@link Registering}. */
    @Override
    protected void doBind(SocketAddress localAddress) {
        local = new CulvertAddress(CulvertAddress.meantBy(localAddress));
        state = State.BOUND;
    }

    @Override
    protected void doClose() {
        state = State.CLOSED;
        CompletableFuture<Binding> bound = binding;
        if (bound != null && !bound.cancel(false)) {
            bound.thenAccept(Binding::close);
        }
        waiting.forEach(CulvertServerChannel::refuse);
        waiting.clear();
    }

    private static void refuse(Arrival arrival) {
        arrival.refuse(ErrorCode.DRAINING, "the service ends");
    }

    @Override
    protected void doBeginRead() {
        readWanted = true;
        if (!waiting.isEmpty()) {
            eventLoop().execute(this::deliver);
        }
    }

    private void deliver() {
        if (!readWanted || waiting.isEmpty()) {
            return;
        }
        readWanted = false;
        for (int i = 0; i < MAX_READS && !waiting.isEmpty(); i++) {
            pipeline().fireChannelRead(CulvertChannel.accepting(this, waiting.remove()));
        }
        pipeline().fireChannelReadComplete();
    }

    /** On a loop of the node's. */
    private void onArrival(Arrival arrival) {
        arrival.onGone(() -> later(() -> waiting.remove(arrival)));
        if (!later(() -> enter(arrival))) {
            refuse(arrival);
        }
    }

    /** False: the loop has ended, and this channel with it. */
    private boolean later(Runnable task) {
        try {
            eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException loopHasEnded) {
            return false;
        }
    }

    private void enter(Arrival arrival) {
        int backlog = config.bindOptions().backlog();
        if (!isOpen()) {
            refuse(arrival);
        } else if (waiting.size() >= backlog) {
            arrival.refuse(ErrorCode.BUSY, backlog + " callers wait already");
        } else {
            waiting.add(arrival);
            deliver();
        }
    }

    /** Registers the name before a bind goes on, so that no loop waits for a relay. */
    private final class Registering extends ChannelOutboundHandlerAdapter {
        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress localAddress, ChannelPromise promise) {
            if (binding != null) {
                promise.tryFailure(new IllegalStateException("channel is bound to " + local + " (expected: once)"));
                return;
            }
            try {
                CompletableFuture<Binding> registering = register(CulvertAddress.meantBy(localAddress));
                binding = registering;
                registering.whenComplete(
                        (bound, failure) -> later(() -> onRegistered(ctx, localAddress, promise, failure)));
            } catch (IllegalArgumentException e) {
                promise.tryFailure(e);
            }
        }

        private CompletableFuture<Binding> register(Address address) {
            if (!address.node().isEmpty() && !address.node().equals(node.name())) {
                throw new IllegalArgumentException("bind to '" + address
                        + "' (expected: a name without a node, or with " + node.name() + ", this one)");
            }
            BindOptions options = config.bindOptions();
            return node.bindAsync(
                    address.service(),
                    address.port() == 0 ? options : options.withPort(address.port()),
                    CulvertServerChannel.this::onArrival);
        }

        private void onRegistered(
                ChannelHandlerContext ctx,
                SocketAddress localAddress,
                ChannelPromise promise,
                @Nullable Throwable failure) {
            if (!isOpen()) {
                promise.tryFailure(new ClosedChannelException());
            } else if (failure == null) {
                ctx.bind(localAddress, promise);
            } else {
                binding = null;
                promise.tryFailure(failure);
            }
        }
    }
}
