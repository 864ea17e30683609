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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Dials that begin at this node: for embedders, blocking or not, and for local sockets. Any thread. */
final class OwnDials {
    private final Dialer dialer;
    private final Upstream upstream;
    private final Sockets sockets;
    private final Pipes pipes;
    private final Member self;
    private final @Nullable Peer through;
    private final RandomGenerator random;
    private volatile @Nullable Resolution resolution;
    private volatile @Nullable DirectWays direct;

    OwnDials(Dialer dialer, Upstream upstream, Sockets sockets, Pipes pipes, Member self, RandomGenerator random) {
        this(dialer, upstream, sockets, pipes, self, random, null);
    }

    private OwnDials(
            Dialer dialer,
            Upstream upstream,
            Sockets sockets,
            Pipes pipes,
            Member self,
            RandomGenerator random,
            @Nullable Peer through) {
        this.through = through;
        this.dialer = dialer;
        this.upstream = upstream;
        this.sockets = sockets;
        this.pipes = pipes;
        this.self = self;
        this.random = random;
    }

    /** Dials that take this one way. */
    OwnDials through(Peer peer) {
        return new OwnDials(dialer, upstream, sockets, pipes, self, random, peer);
    }

    /** A stream with blocking reads and writes. Fails with {@link dev.culvert.api.DialException}; to cancel it cancels the dial. */
    CompletableFuture<Stream> stream(Address address, DialOptions options) {
        CompletableFuture<Stream> future = new CompletableFuture<>();
        if (options.early()) {
            future.complete(early(address, options));
            return future;
        }
        StreamPipe pipe = pipes.dialling(null);
        Stream stream = new BlockingStream(address, "", Map.of(), pipe);
        Runnable cancel = connect(address, options, Unpooled.EMPTY_BUFFER, new Sink(pipe, stream, future));
        future.whenComplete((opened, failure) -> {
            if (future.isCancelled()) {
                cancel.run();
            }
        });
        return future;
    }

    private Stream early(Address address, DialOptions options) {
        Sink[] sink = new Sink[1];
        StreamPipe pipe = pipes.dialling(first -> connect(address, options, first, sink[0]));
        Stream stream = new BlockingStream(address, "", Map.of(), pipe);
        sink[0] = new Sink(pipe, stream, new CompletableFuture<>());
        return stream;
    }

    /** A stream whose handler runs on its event loop; {@code first}, consumed, leaves with the open. */
    CompletionStage<MuxStream> open(Address address, DialOptions options, ByteBuf first, StreamHandler handler) {
        CompletableFuture<MuxStream> future = new CompletableFuture<>();
        connect(address, options, first, new Dial.Result() {
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

    /** A stream for an event executor. Fails with {@link dev.culvert.api.DialException}; to cancel it cancels the dial. */
    CompletableFuture<LoopStream> open(Address address, DialOptions options) {
        CompletableFuture<LoopStream> future = new CompletableFuture<>();
        Runnable cancel = connect(address, options, Unpooled.EMPTY_BUFFER, new Dial.Result() {
            @Override
            public void onOpened(Dial.Opened opened) {
                LoopStream stream = LoopStream.dialled(opened, pipes.traffic());
                if (!future.complete(stream)) {
                    stream.reset(ErrorCode.CANCELLED.number());
                }
            }

            @Override
            public void onRefused(Refused refused) {
                future.completeExceptionally(refused.toException());
            }
        });
        future.whenComplete((opened, failure) -> {
            if (future.isCancelled()) {
                cancel.run();
            }
        });
        return future;
    }

    /** A call or, by {@code mode}, a notification. Cancelling the result cancels it. Fails with {@link dev.culvert.api.CulvertException}. */
    CompletableFuture<byte[]> call(Address address, byte[] request, CallOptions options, String mode) {
        DialTerms terms = terms(options.dialOptions(mode));
        return OutgoingCall.start(
                request,
                options,
                pipes.traffic(),
                home(),
                (home, first, result) -> begin(home, address, terms, first, result));
    }

    /** Dials, on a loop of its choice, if there is one that still runs; what is returned cancels, on any thread. */
    private Runnable connect(Address address, DialOptions options, ByteBuf first, Dial.Result result) {
        EventLoop home = home();
        long deadlineNanos = options.deadline() == null ? Patience.NEVER : pipes.ticksAt(options.deadline());
        PatientDial.Wish wish = new PatientDial.Wish(address, options, first, deadlineNanos);
        PatientDial dial = new PatientDial(this, home, wish, random, result);
        if (dialer.isClosed() || !Hop.reaches(home, dial::start)) {
            first.release();
            result.onRefused(dialer.closed());
        }
        return () -> Hop.to(home, dial::cancel);
    }

    /** From now on what this node does not know itself is looked for where {@code newResolution} says. */
    void resolve(Resolution newResolution) {
        resolution = newResolution;
    }

    /** From now on dials go over direct links where there are such. */
    void dialDirectly(DirectWays ways) {
        direct = ways;
    }

    /** Ends the links that dials alone have brought about. */
    void closeOwnLinks() {
        Resolution asked = resolution;
        if (asked != null) {
            asked.close();
        }
        DirectWays ways = direct;
        if (ways != null) {
            ways.close();
        }
    }

    /** On {@code home}. The handle cancels. */
    Dialling begin(EventLoop home, Address address, DialTerms terms, ByteBuf first, Dial.Result result) {
        Dial.Request request = request(home, address, terms, first);
        Call call = request.call();
        if (through != null) {
            return start(request, List.of(through), result);
        }
        DirectWays ways = direct;
        boolean meant = ways != null && !address.node().isEmpty() && !call.isReserved();
        return ways == null || !meant || dialer.router().knows(call)
                ? relayed(address, request, result)
                : ways.dial(address, request, result);
    }

    /** Whether this node, or a relay that tells it of its routes, has the name registered. */
    boolean knows(Address address) {
        return dialer.router().table().standing(key(address)) != RouteTable.Standing.UNKNOWN;
    }

    HttpTerms httpTerms(Address address) {
        return dialer.router().table().httpTerms(key(address));
    }

    private NameKey key(Address address) {
        String namespace = address.namespace().isEmpty() ? self.namespace() : address.namespace();
        return new NameKey(namespace, address.node(), address.service(), address.port());
    }

    /** @param first consumed */
    Dial.Request request(EventLoop home, Address address, DialTerms terms, ByteBuf first) {
        Call call = Call.own(address, self.namespace(), terms, home.ticker().nanoTime());
        return new Dial.Request(call, null, home, first);
    }

    /** Through relays: those that a resolver names, else those that were joined. */
    Dialling relayed(Address address, Dial.Request request, Dial.Result result) {
        Resolution elsewhere = resolution;
        if (elsewhere == null || dialer.isClosed() || dialer.router().knows(request.call())) {
            return start(request, result);
        }
        ResolvedDial dial = new ResolvedDial(this, elsewhere, address, request, result);
        dial.start();
        return dial;
    }

    /** Wherever this node's routes and relays lead. */
    Dialling start(Dial.Request request, Dial.Result result) {
        Dial dial = dialer.prepare(request, result);
        dial.start();
        return dial;
    }

    /** Through one of these alone. */
    Dialling start(Dial.Request request, List<? extends Exit> exits, Dial.Result result) {
        Dial dial = dialer.prepare(request, result);
        dial.start(
                new Router.Found(List.copyOf(exits), () -> dialer.refused(ErrorCode.NO_ROUTE, "the session is over")));
        return dial;
    }

    /** Whether this node is linked to relays, or may be, without a resolver. */
    boolean hasRelays() {
        return upstream.isUp() || upstream.isExpected();
    }

    DialTerms terms(DialOptions options) {
        return DialTerms.of(self.principal().id(), options);
    }

    Refused refused(ErrorCode code, String text) {
        return dialer.refused(code, text);
    }

    /** The relays that this node is linked to without a resolver. */
    List<Peer> relays() {
        return upstream.peers();
    }

    String node() {
        return self.node();
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
    private record Sink(StreamPipe pipe, Stream stream, CompletableFuture<Stream> future) implements Dial.Result {
        @Override
        public void onOpened(Dial.Opened open) {
            Hop.to(open.exit().loop(), () -> {
                open.head().take(open.stream(), pipe.handler());
                pipe.attach(open.stream());
                if (!future.complete(stream)) {
                    stream.reset(ErrorCode.CANCELLED.number());
                }
            });
        }

        @Override
        public void onRefused(Refused refused) {
            pipe.fail(refused.toException());
            future.completeExceptionally(refused.toException());
        }
    }
}
