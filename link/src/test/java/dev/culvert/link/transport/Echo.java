package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The two ends of a link in tests: the acceptor sends everything back, the dialler collects it. */
final class Echo implements LinkAcceptor {
    /** The yamux header that opens stream 1 in profile X: what a dialler's first bytes are. */
    static final byte[] FIRST = HexFormat.of().parseHex("010000010000000100000000");

    final List<IncomingLink> links = new CopyOnWriteArrayList<>();

    @Override
    public void onLink(IncomingLink link) {
        links.add(link);
        link.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.write(message);
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                ctx.flush();
            }
        });
    }

    /** What a dialler received. Any thread. */
    static final class Received extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            byte[] part = new byte[buffer.readableBytes()];
            buffer.readBytes(part);
            buffer.release();
            synchronized (bytes) {
                bytes.writeBytes(part);
            }
        }

        byte[] all() {
            synchronized (bytes) {
                return bytes.toByteArray();
            }
        }

        int size() {
            synchronized (bytes) {
                return bytes.size();
            }
        }
    }

    /** Takes over a channel as a link does. */
    static Received take(Channel channel) {
        Received received = new Received();
        channel.pipeline().addLast(received);
        channel.config().setAutoRead(true);
        return received;
    }

    static void send(Channel channel, byte[] bytes) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    static <T> T get(Future<T> future) throws InterruptedException {
        if (!future.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing happened within 10 s");
        }
        if (!future.isSuccess()) {
            throw new AssertionError(future.cause());
        }
        return future.getNow();
    }

    static Throwable failure(Future<?> future) throws InterruptedException {
        if (!future.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing happened within 10 s");
        }
        if (future.isSuccess()) {
            throw new AssertionError("it worked (expected: a failure)");
        }
        return future.cause();
    }
}
