package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.CallOptions;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Dials that begin at this node: for embedders, blocking or not, and for local sockets. Any thread. */
final class OwnDials {
    private final Dialer dialer;
    private final Upstream upstream;
    private final Sockets sockets;
    private final Traffic traffic;
    private final Member self;
    private final @Nullable Peer through;

    OwnDials(Dialer dialer, Upstream upstream, Sockets sockets, Traffic traffic, Member self) {
        this(dialer, upstream, sockets, traffic, self, null);
    }

    private OwnDials(
            Dialer dialer, Upstream upstream, Sockets sockets, Traffic traffic, Member self, @Nullable Peer through) {
        this.through = through;
        this.dialer = dialer;
        this.upstream = upstream;
        this.sockets = sockets;
        this.traffic = traffic;
        this.self = self;
    }

    /** Dials that take this one way. */
    OwnDials through(Peer peer) {
        return new OwnDials(dialer, upstream, sockets, traffic, self, peer);
    }

    /** A stream with blocking reads and writes. Fails with {@link dev.culvert.api.DialException}. */
    CompletionStage<Stream> stream(Address address, DialOptions options) {
        CompletableFuture<Stream> future = new CompletableFuture<>();
        if (options.early()) {
            future.complete(early(address, options));
            return future;
        }
        StreamPipe pipe = new StreamPipe(traffic, true, null);
        Stream stream = new BlockingStream(address, "", Map.of(), pipe);
        connect(address, options, Unpooled.EMPTY_BUFFER, new Sink(pipe, () -> future.complete(stream), future));
        return future;
    }

    private Stream early(Address address, DialOptions options) {
        Sink[] sink = new Sink[1];
        StreamPipe pipe = new StreamPipe(traffic, true, first -> connect(address, options, first, sink[0]));
        sink[0] = new Sink(pipe, () -> {}, new CompletableFuture<>());
        return new BlockingStream(address, "", Map.of(), pipe);
    }

    private void connect(Address address, DialOptions options, ByteBuf first, Sink sink) {
        begin(address, options, first, sink);
    }

    /** On a loop of its choice, if there is one that still runs. */
    private void begin(Address address, DialOptions options, ByteBuf first, Dial.Result result) {
        if (dialer.isClosed()) {
            first.release();
            result.onRefused(dialer.closed());
            return;
        }
        EventLoop home = home();
        try {
            home.execute(() -> begin(home, address, terms(options), first, result));
        } catch (RejectedExecutionException e) {
            first.release();
            result.onRefused(dialer.closed());
        }
    }

    /** A stream whose handler runs on its event loop; {@code first}, consumed, leaves with the open. */
    CompletionStage<MuxStream> open(Address address, DialOptions options, ByteBuf first, StreamHandler handler) {
        CompletableFuture<MuxStream> future = new CompletableFuture<>();
        begin(address, options, first, new Dial.Result() {
            @Override
            public void onOpened(Dial.Opened opened) {
                Hop.to(opened.exit().loop(), () -> {
                    opened.head().take(opened.stream(), handler);
                    future.complete(opened.stream());
                });
            }

            @Override
            public void onRefused(Refused refused) {
                future.completeExceptionally(refused.toException());
            }
        });
        return future;
    }

    /** A call or, by {@code mode}, a notification. Cancelling the result cancels it. Fails with {@link dev.culvert.api.CulvertException}. */
    CompletableFuture<byte[]> call(Address address, byte[] request, CallOptions options, String mode) {
        DialTerms terms = terms(options.dialOptions(mode));
        return OutgoingCall.start(
                request, options, traffic, home(), (home, first, result) -> begin(home, address, terms, first, result));
    }

    /** On {@code home}. The handle cancels. */
    Dial begin(EventLoop home, Address address, DialTerms terms, ByteBuf first, Dial.Result result) {
        Call call = Call.own(address, self.namespace(), terms, home.ticker().nanoTime());
        Dial dial = dialer.prepare(new Dial.Request(call, null, home, first), result);
        if (through == null) {
            dial.start();
        } else {
            dial.start(new Router.Found(
                    List.of(through), () -> dialer.refused(ErrorCode.NO_ROUTE, "the session is over")));
        }
        return dial;
    }

    DialTerms terms(DialOptions options) {
        return DialTerms.of(self.principal().id(), options);
    }

    /** Whom this node dials for. */
    String principal() {
        return self.principal().id();
    }

    /** A loop on which a dial has the shortest way; it can carry sockets. */
    EventLoop home() {
        List<Peer> peers = through == null ? upstream.peers() : List.of(through);
        return peers.isEmpty() ? sockets.next() : sockets.loopNear(peers.get(0).loop());
    }

    /** Puts a pipe on the stream, or tells it why there is none. */
    private record Sink(StreamPipe pipe, Runnable opened, CompletableFuture<Stream> future) implements Dial.Result {
        @Override
        public void onOpened(Dial.Opened open) {
            Hop.to(open.exit().loop(), () -> {
                open.head().take(open.stream(), pipe);
                pipe.attach(open.stream());
                opened.run();
            });
        }

        @Override
        public void onRefused(Refused refused) {
            pipe.fail(refused.toException());
            future.completeExceptionally(refused.toException());
        }
    }
}
