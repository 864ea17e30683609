package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel that was not read while its peer finished still delivers everything, and can still answer. */
final class SteadyEpollTest {
    private static final int LATER_BYTES = 300_000;

    private final AtomicLong received = new AtomicLong();
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, LATER_BYTES})
    void everything_arrives_although_the_peer_finished_while_nobody_read(int bytes) throws Exception {
        try (Loops loops = Loops.start("steady", 1);
                Socket socket = new Socket()) {
            socket.connect(listen(loops));
            socket.getOutputStream().write(new byte[bytes]);
            socket.shutdownOutput();
            Channel channel = accepted.poll(10, TimeUnit.SECONDS);
            assertThat(channel).isNotNull();
            afterTheLoopSawTheEnd(channel);

            channel.config().setAutoRead(true);

            await().until(() -> received.get() == bytes);
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(ChannelInputShutdownEvent.INSTANCE);
            channel.writeAndFlush(channel.alloc().buffer(1).writeByte(7)).sync();
            assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void a_reset_that_came_while_nobody_read_is_told_when_reading_begins() throws Exception {
        try (Loops loops = Loops.start("steady", 1)) {
            try (Socket socket = new Socket()) {
                socket.connect(listen(loops));
                socket.setSoLinger(true, 0);
            }
            Channel channel = accepted.poll(10, TimeUnit.SECONDS);
            assertThat(channel).isNotNull();

            channel.config().setAutoRead(true);

            assertThat(channel.closeFuture().await(10_000)).isTrue();
        }
    }

    /** Connections end and others begin in one turn of the loop, so that descriptors are used again within it. */
    @Test
    void a_connect_does_not_hear_of_the_end_of_the_one_before() throws Exception {
        try (Loops loops = Loops.start("steady", 1);
                ServerSocket server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress())) {
            Thread target = new Thread(() -> greetAndEnd(server), "target");
            target.setDaemon(true);
            target.start();
            Storm storm = new Storm(loops, server.getLocalSocketAddress());

            storm.begin();

            await().atMost(Duration.ofSeconds(60)).until(storm::isOver);
            assertThat(storm.failures).isEmpty();
        }
    }

    private static void greetAndEnd(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write(1);
            } catch (IOException e) {
                if (!server.isClosed()) {
                    System.out.println("target: " + e.getMessage());
                }
            }
        }
    }

    /** Connects that follow one another. Owned by its loop; what the test looks at is safe for any thread. */
    private static final class Storm {
        private static final int AT_A_TIME = 64;
        private static final int CONNECTS = 5_000;

        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final Bootstrap bootstrap;

        Storm(Loops loops, SocketAddress target) {
            Endpoint any = Endpoint.parse("tcp://127.0.0.1:1");
            bootstrap = new Bootstrap()
                    .group(loops.group(any))
                    .channelFactory(loops.dialling(any))
                    .remoteAddress(target)
                    .handler(new Closer());
        }

        void begin() {
            for (int i = 0; i < AT_A_TIME; i++) {
                next();
            }
        }

        boolean isOver() {
            return ended.get() == CONNECTS;
        }

        private void next() {
            if (begun.getAndIncrement() >= CONNECTS) {
                return;
            }
            bootstrap.connect().addListener((ChannelFuture connected) -> {
                if (!connected.isSuccess()) {
                    failures.add(connected.cause());
                    ended.incrementAndGet();
                    next();
                }
            });
        }

        /** Owned by the one loop. */
        @ChannelHandler.Sharable
        private final class Closer extends ChannelInboundHandlerAdapter {
            private final Queue<Channel> open = new ArrayDeque<>();

            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                open.add(ctx.channel());
            }

            /** Ends the oldest, for which there is most likely an event in this very turn, and takes its descriptor. */
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
                open.remove(ctx.channel());
                Channel oldest = open.poll();
                if (oldest != null) {
                    oldest.close();
                }
                next();
                ctx.close();
                next();
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                open.remove(ctx.channel());
                ended.incrementAndGet();
                next();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        }
    }

    private InetSocketAddress listen(Loops loops) {
        Channel server = new ServerBootstrap()
                .group(loops.group(Endpoint.parse("tcp://127.0.0.1:1")))
                .channelFactory(loops.listening(Endpoint.parse("tcp://127.0.0.1:1")))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Recorder());
                        accepted.add(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        return (InetSocketAddress) server.localAddress();
    }

    /** Goes several times around the loop, so that it has handled the FIN. */
    private static void afterTheLoopSawTheEnd(Channel channel) throws IOException, InterruptedException {
        for (int i = 0; i < 20; i++) {
            channel.eventLoop().schedule(() -> {}, 5, TimeUnit.MILLISECONDS).sync();
        }
    }

    /** Owned by its channel's loop. */
    private final class Recorder extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf data = (ByteBuf) message;
            received.addAndGet(data.readableBytes());
            data.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                events.add(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
            ctx.close();
        }
    }
}
