package dev.culvert.http2;

import static dev.culvert.http2.Sockets.hear;
import static dev.culvert.http2.Sockets.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Netty's channels promise, of those that are dialled. */
@Timeout(60)
final class ConnectionChannelTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private PrefaceListener listener;

    @BeforeEach
    void listen() throws IOException {
        listener = PrefaceListener.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PrefaceOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        listener.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ChannelFuture connect(PeerAddress to) {
        return new Bootstrap()
                .group(loops)
                .channelFactory(listener.channels())
                .handler(new ChannelInboundHandlerAdapter())
                .connect(to);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void what_is_cancelled_before_it_is_flushed_is_left_out_and_all_else_leaves_once() throws Exception {
        try (Socket peer = Sockets.connect(listener.address())) {
            say(peer, "REVERSE edge7\n");
            Channel channel =
                    connect(PeerAddress.of("edge7")).syncUninterruptibly().channel();
            loops.submit(() -> {
                        channel.write(text("A"));
                        cancelled(channel, "B");
                        channel.write(text("C"));
                        channel.flush();
                    })
                    .syncUninterruptibly();
            assertThat(hear(peer, 2)).isEqualTo("AC");

            loops.submit(() -> {
                        cancelled(channel, "D");
                        channel.flush();
                    })
                    .syncUninterruptibly();
            channel.writeAndFlush(text("E")).syncUninterruptibly();
            channel.close().syncUninterruptibly();
            assertThat(new String(peer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("E");
        }
    }

    private static void cancelled(Channel channel, String text) {
        ChannelPromise promise = channel.newPromise();
        channel.write(text(text), promise);
        assertThat(promise.cancel(false)).isTrue();
    }

    @Test
    void a_dial_that_its_channel_does_not_outlast_fails() {
        ChannelFuture dialled = connect(PeerAddress.of("nobody"));

        dialled.channel().eventLoop().submit(() -> dialled.channel().close()).syncUninterruptibly();

        assertThat(dialled.awaitUninterruptibly(10, TimeUnit.SECONDS)).isTrue();
        assertThat(dialled.cause()).isInstanceOf(ClosedChannelException.class);
    }
}
