package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.node.HttpTerms;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How connections of HTTP/1.1 end, in virtual time. */
final class ClientSideTest {
    private final GatewayParts parts = new GatewayParts(
            "relay1", GatewayOptions.DEFAULT, Site.ANYONE, entry -> {}, InstantSource.system(), new Random(1));
    private final Socket socket = new Socket();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket);

    /** What is flushed waits in it. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        private boolean full = true;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!full) {
                ctx.flush();
            }
        }
    }

    /** Requests of these tests go nowhere. */
    private static final class Nowhere implements ServiceConnector {
        @Override
        public Channel connect(Access.Admitted who, DialOptions options) {
            throw new AssertionError("a request reached " + who);
        }

        @Override
        public HttpTerms terms(Address service) {
            throw new AssertionError("a request reached " + service);
        }

        @Override
        public SocketAddress client() {
            return new InetSocketAddress(1);
        }
    }

    @BeforeEach
    void serve() {
        channel.freezeTime();
        ClientSide.serve(channel.pipeline().context(socket), parts, new Nowhere(), false);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void advance(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private void say(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
    }

    @Test
    void a_slow_client_gets_the_end_of_an_answer_that_ends_the_connection() {
        say("nonsense\r\n\r\n");
        advance(30);
        assertThat(channel.isOpen()).as("the answer waits").isTrue();
        socket.full = false;
        channel.flush();
        ByteBuf answer = Unpooled.buffer();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            answer.writeBytes(piece);
            piece.release();
        }
        assertThat(answer.toString(ISO_8859_1)).startsWith("HTTP/1.1 400 ").endsWith("}\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_client_that_takes_nothing_is_given_up_whatever_it_says() {
        say("nonsense\r\n\r\n");
        for (int i = 0; i < 8; i++) {
            say("more nonsense");
            advance(10);
        }
        assertThat(channel.isOpen()).isFalse();
    }
}
