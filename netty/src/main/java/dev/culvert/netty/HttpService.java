package dev.culvert.netty;

import dev.culvert.api.Address;
import dev.culvert.api.Node;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An HTTP/1.1 service in Java without a port: whoever dials its name, as a relay's gateway does, is answered by a function. Requests and
 * answers are whole messages; to stream bodies, run a server on {@code node.serverSocket(...)} or a pipeline on a {@link
 * CulvertServerChannel}. Any thread.
 */
public final class HttpService implements AutoCloseable {
    private static final int LAST_ANSWERS_SECONDS = 5;

    private final Channel channel;
    private final ChannelGroup callers;
    private final Runnable afterClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HttpService(Channel channel, ChannelGroup callers, Runnable afterClose) {
        this.channel = channel;
        this.callers = callers;
        this.afterClose = afterClose;
    }

    /** As {@link #open(Node, String, HttpServiceOptions, HttpHandler)}, with {@link HttpServiceOptions#DEFAULT}. */
    public static HttpService open(Node node, String name, HttpHandler handler) throws IOException {
        return open(node, name, HttpServiceOptions.DEFAULT, handler);
    }

    /**
     * Offers a service on an event loop of its own. Returns when it may be dialled.
     *
     * @param node as {@link Node#join} or {@link Node#builder} start it
     * @param name taken literally
     * @throws IOException {@link dev.culvert.api.RegistrationException}, if no relay takes the name
     * @throws IllegalArgumentException if this node offers it already, or it is none; one line: the value and the expectation
     */
    public static HttpService open(Node node, String name, HttpServiceOptions options, HttpHandler handler)
            throws IOException {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            return open(loop, node, name, new Serving(options, new HttpLoad(options), handler), () -> end(loop))
                    .join();
        } catch (CompletionException e) {
            end(loop);
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw e.getCause() instanceof RuntimeException wrong ? wrong : e;
        }
    }

    /** With a quiet period, so that a channel that the loop's last task registered is closed too. */
    private static void end(EventLoopGroup loop) {
        loop.shutdownGracefully(10, 5_000, TimeUnit.MILLISECONDS);
    }

    /**
     * The same on loops of the caller's, without a thread that waits. Fails with what {@link #open(Node, String, HttpHandler)} throws.
     *
     * @param load what several services may hold together
     */
    public static CompletableFuture<HttpService> openAsync(
            EventLoopGroup loops,
            Node node,
            String name,
            HttpServiceOptions options,
            HttpLoad load,
            HttpHandler handler) {
        return open(loops, node, name, new Serving(options, load, handler), () -> {});
    }

    private record Serving(HttpServiceOptions options, HttpLoad load, HttpHandler handler) {}

    private static CompletableFuture<HttpService> open(
            EventLoopGroup loops, Node node, String name, Serving serving, Runnable afterClose) {
        CompletableFuture<HttpService> opened = new CompletableFuture<>();
        ChannelGroup callers = new DefaultChannelGroup(loops.next());
        new ServerBootstrap()
                .group(loops)
                .channelFactory(CulvertServerChannel.factory(node))
                .option(CulvertOption.BIND, serving.options().bind())
                .childHandler(new Children(serving, callers))
                .bind(new CulvertAddress(Address.service(name)))
                .addListener(bound -> {
                    if (bound.isSuccess()) {
                        opened.complete(new HttpService(((ChannelFuture) bound).channel(), callers, afterClose));
                    } else {
                        opened.completeExceptionally(bound.cause());
                    }
                });
        return opened;
    }

    /**
     * Makes of a function that blocks a handler: it runs on {@code executor}, and its thread is interrupted when the caller has gone or
     * wants no answer any more. An executor that takes no more is 503.
     */
    public static HttpHandler blocking(Executor executor, Blocking function) {
        return (request, principal) -> {
            CompletableFuture<FullHttpResponse> answer = new CompletableFuture<>();
            FutureTask<?> task = new FutureTask<>((Callable<?>) () -> {
                complete(answer, () -> function.handle(request, principal));
                return null;
            });
            answer.whenComplete((response, failure) -> {
                if (failure instanceof CancellationException) {
                    task.cancel(true);
                }
            });
            try {
                executor.execute(task);
            } catch (RejectedExecutionException full) {
                answer.complete(HttpLoad.overloaded("the service has no thread left for more requests"));
            }
            return answer;
        };
    }

    private static void complete(CompletableFuture<FullHttpResponse> answer, Callable<FullHttpResponse> call) {
        try {
            answer.complete(call.call());
        } catch (Exception | Error e) {
            answer.completeExceptionally(e);
        }
    }

    /** A handler that may block. */
    @FunctionalInterface
    public interface Blocking {
        /** As {@link HttpHandler#handle}. */
        FullHttpResponse handle(FullHttpRequest request, String principal) throws Exception;
    }

    /**
     * The name is withdrawn, and the connections of callers end, each with the answer that is due on it. An event loop of this service's own
     * waits at most five seconds for that. Idempotent.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            channel.close().addListener(withdrawn -> {
                callers.forEach(caller -> caller.eventLoop()
                        .execute(() -> caller.pipeline().fireUserEventTriggered(HttpServiceSide.LEAVE)));
                FutureTask<?> once = new FutureTask<>(afterClose, null);
                callers.newCloseFuture().addListener(gone -> once.run());
                channel.eventLoop().schedule(once, LAST_ANSWERS_SECONDS, TimeUnit.SECONDS);
            });
        }
    }

    /** One for all connections of a service. */
    private static final class Children extends ChannelInitializer<Channel> {
        private final Serving serving;
        private final ChannelGroup callers;

        Children(Serving serving, ChannelGroup callers) {
            this.serving = serving;
            this.callers = callers;
        }

        @Override
        protected void initChannel(Channel channel) {
            callers.add(channel);
            HttpServiceOptions options = serving.options();
            HttpDecoderConfig decoding = new HttpDecoderConfig()
                    .setMaxInitialLineLength(options.headBytes())
                    .setMaxHeaderSize(options.headBytes())
                    .setStrictLineParsing(true)
                    .setUseRfc9112TransferEncoding(true)
                    .setAllowDuplicateContentLengths(false);
            channel.pipeline()
                    .addLast(new HttpServerCodec(decoding))
                    .addLast(new FlowControlHandler())
                    .addLast(new HttpServiceSide((CulvertChannel) channel, options, serving.load(), serving.handler()));
        }
    }
}
