package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A session of this node with itself, in memory, so that a dial of an own service takes the same way as any other. Made with its first
 * use. Any thread.
 */
final class Loopback implements AutoCloseable {
    private final EventLoop loop;
    private final Member self;
    private final NodeLimits limits;
    private final MuxOptions options;
    private final MemoryBudget budget;
    private @Nullable BiFunction<Peer, MuxStream, StreamHandler> acceptor;
    private volatile @Nullable Peer peer;

    /** @param loop one that carries in-memory channels */
    Loopback(EventLoop loop, Member self, NodeLimits limits, MuxOptions options, MemoryBudget budget) {
        this.loop = loop;
        this.self = self;
        this.limits = limits;
        this.options = options;
        this.budget = budget;
    }

    /** Who serves the streams that arrive. Before the first {@link #start}. */
    void acceptor(BiFunction<Peer, MuxStream, StreamHandler> newAcceptor) {
        acceptor = newAcceptor;
    }

    /** Connects; completes when {@link #peer()} can be used. */
    CompletionStage<Void> start() {
        CompletableFuture<Void> started = new CompletableFuture<>();
        loop.execute(() -> connect(started));
        return started;
    }

    private void connect(CompletableFuture<Void> started) {
        CompletableFuture<MuxSession> accepted = new CompletableFuture<>();
        LocalServerChannel server = new LocalServerChannel();
        server.pipeline().addLast(new Server(accepted));
        loop.register(server);
        server.bind(new LocalAddress("culvert-self-" + self.node() + "-" + System.identityHashCode(this)));
        LocalChannel client = new LocalChannel();
        client.config().setAutoRead(false);
        loop.register(client);
        client.connect(server.localAddress()).addListener(connected -> {
            if (!connected.isSuccess()) {
                started.completeExceptionally(connected.cause());
                return;
            }
            accepted.thenAccept(accepting -> {
                join(client, accepting);
                server.close();
                started.complete(null);
            });
        });
    }

    /** Each end is told what memory gave the other. */
    private void join(Channel client, MuxSession accepting) {
        MuxSession dialling = MuxSession.dial(client, Profile.X, options, budget, new Handler(false));
        dialling.establish(accepting.localParameters());
        accepting.establish(dialling.localParameters());
        client.config().setAutoRead(true);
        accepting.channel().config().setAutoRead(true);
        peer = Peer.self(dialling, self, limits);
    }

    /** Where it lives. */
    EventLoop loop() {
        return loop;
    }

    /** The dialling end. */
    Peer peer() {
        Peer current = peer;
        if (current == null) {
            throw new IllegalStateException("the session of this node with itself is not started");
        }
        return current;
    }

    @Override
    public void close() {
        Peer current = peer;
        if (current != null) {
            Hop.to(loop, () -> current.mux().close(ErrorCode.OK, "the node is closed"));
        }
    }

    /** Takes the one connection. */
    private final class Server extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<MuxSession> accepted;

        Server(CompletableFuture<MuxSession> accepted) {
            this.accepted = accepted;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel child = (Channel) message;
            child.config().setAutoRead(false);
            loop.register(child)
                    .addListener(
                            done -> accepted.complete(MuxSession.accept(child, options, budget, new Handler(true))));
        }
    }

    private final class Handler implements SessionHandler {
        private final boolean accepting;
        private @Nullable Peer from;

        Handler(boolean accepting) {
            this.accepting = accepting;
        }

        @Override
        public StreamHandler onOpen(MuxStream stream) {
            Peer caller = from;
            if (caller == null) {
                caller = Peer.self(stream.session(), self, limits);
                from = caller;
            }
            if (!accepting || acceptor == null) {
                throw new IllegalStateException("nobody opens streams towards the dialling end");
            }
            return acceptor.apply(caller, stream);
        }

        @Override
        public void onClosed(MuxSession session, ErrorCode code, String reason) {
            Peer ended = accepting ? from : peer;
            if (ended != null) {
                ended.markDown();
            }
        }
    }
}
