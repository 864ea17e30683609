package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.ExposedService;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSocket towards services that speak HTTP/2: extended CONNECT (RFC 8441), to a real server behind an agent. */
@Timeout(60)
final class Http2ServiceTunnelTest {
    /** The key and what accepts it of RFC 6455, 1.3. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Http2Headers> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private Site site;
    private int port;

    @BeforeEach
    void start() throws Exception {
        site = new Site();
        port = site.gateway();
        expose("web", serve(true));
    }

    @AfterEach
    void stop() {
        site.close();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    /** HTTP/2 by prior knowledge; {@code offers} extended CONNECT. */
    private int serve(boolean offers) throws InterruptedException {
        Http2Settings settings = Http2Settings.defaultSettings();
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forServer()
                                                .initialSettings(
                                                        offers ? settings.connectProtocolEnabled(true) : settings)
                                                .build(),
                                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                                            @Override
                                            protected void initChannel(Channel stream) {
                                                stream.pipeline().addLast(new Echo());
                                            }
                                        }),
                                        new Ends());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** A client that goes is no news. */
    private static final class Ends extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Takes what is asked for, says something at once, and then what it hears; each half ends by itself. */
    private final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame head) {
                seen.add(head.headers());
                answer(ctx, head.headers().path().toString());
            } else if (message instanceof Http2DataFrame data) {
                ctx.write(new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
                if (data.isEndStream()) {
                    ends.add("finished");
                }
            }
        }

        private void answer(ChannelHandlerContext ctx, String path) {
            if (path.equals("/hint") || path.equals("/once")) {
                ctx.write(new DefaultHttp2HeadersFrame(
                        new DefaultHttp2Headers().status(path.equals("/hint") ? "103" : "200"), true));
                return;
            }
            if (path.equals("/no")) {
                ctx.write(head("403"));
                ctx.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer("no", UTF_8), true));
                return;
            }
            ctx.write(head("200"));
            ctx.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer("early ", UTF_8)));
            if (path.equals("/leaving")) {
                ctx.flush();
                ctx.channel().parent().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            }
        }

        private DefaultHttp2HeadersFrame head(String status) {
            return new DefaultHttp2HeadersFrame(
                    new DefaultHttp2Headers().status(status).add("sec-websocket-protocol", "chat"));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame) {
                ends.add("reset");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ends.add("gone");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static String opening(String path) {
        return "GET " + path
                + " HTTP/1.1\r\nHost: web.localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
                + "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\n\r\n";
    }

    private Socket open(String path) throws IOException {
        Socket socket = RawHttp.connect(port);
        RawHttp.write(socket, opening(path));
        assertThat(RawHttp.readHead(socket.getInputStream()))
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                .containsIgnoringCase("\r\nconnection: upgrade\r\n")
                .containsIgnoringCase("\r\nsec-websocket-accept: " + ACCEPT + "\r\n")
                .containsIgnoringCase("\r\nsec-websocket-protocol: chat\r\n")
                .doesNotContainIgnoringCase("transfer-encoding");
        return socket;
    }

    @Test
    void an_upgrade_becomes_an_extended_connect_and_each_half_ends_by_itself() throws Exception {
        byte[] much = new byte[2_000_000];
        new Random(3).nextBytes(much);
        try (Socket socket = open("/ws?x")) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(
                    () -> {
                        try {
                            socket.getOutputStream().write(much);
                            socket.shutdownOutput();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    task -> new Thread(task).start());
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(6), UTF_8)).isEqualTo("early ");
            assertThat(Arrays.mismatch(in.readAllBytes(), much)).isEqualTo(-1);
            sent.get(20, TimeUnit.SECONDS);
        }
        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("finished");
        assertThat(ends.poll(20, TimeUnit.SECONDS)).as("not reset").isEqualTo("gone");
        Http2Headers head = seen.remove();
        assertThat(head.method()).hasToString("CONNECT");
        assertThat(head.get(":protocol")).hasToString("websocket");
        assertThat(head.scheme()).hasToString("http");
        assertThat(head.path()).hasToString("/ws?x");
        assertThat(head.authority()).hasToString("web.localhost");
        assertThat(head.get("sec-websocket-version")).hasToString("13");
        assertThat(head.contains("sec-websocket-key")).isFalse();
        assertThat(head.contains("upgrade") || head.contains("connection")).isFalse();
        AccessRecord record = site.log.poll(20, TimeUnit.SECONDS);
        assertThat(record.status()).isEqualTo(101);
        assertThat(record.outcome().bytesOut()).isEqualTo(much.length + 6);
    }

    @Test
    void from_http_2_to_http_2_it_stays_what_it_is_also_while_the_service_takes_leave() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, false, Http2TunnelTest.websocket("/leaving"));
            assertThat(peer.head(peer.await(Http2Peer.HEADERS)))
                    .containsEntry(":status", "200")
                    .containsEntry("sec-websocket-protocol", "chat")
                    .doesNotContainKeys("sec-websocket-accept", "upgrade", "connection");
            assertThat(peer.await(Http2Peer.DATA).text()).isEqualTo("early ");
            peer.data(1, false, "by");
            assertThat(peer.await(Http2Peer.DATA).text()).isEqualTo("by");
            peer.frame(Http2Peer.RST_STREAM, 0, 1, Http2Peer.hex("00000008"));
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isIn("reset", "gone");
        }
    }

    @Test
    void a_service_that_refuses_answers_as_to_any_request_and_others_are_served_after_it() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Socket socket = RawHttp.connect(port)) {
                RawHttp.write(socket, opening("/no"));
                assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 403 ");
                assertThat(RawHttp.readChunk(socket.getInputStream())).isEqualTo("no");
            }
        }
        open("/").close();
    }

    @Test
    void a_service_may_end_its_half_with_its_head_but_not_before_it() throws Exception {
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, opening("/once"));
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
            assertThat(socket.getInputStream().read()).isNegative();
            RawHttp.write(socket, "heard");
            socket.shutdownOutput();
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("finished");
        }
        assertThat(RawHttp.ask(port, opening("/hint"))).contains("HTTP/1.1 502 ", "an interim head with the end");
    }

    @Test
    void a_service_that_offers_none_is_asked_in_http_1_1_and_what_is_wrong_is_told() throws Exception {
        expose("none", serve(false));
        String answer = RawHttp.ask(port, opening("/").replace("web.", "none."));
        assertThat(answer)
                .startsWith("HTTP/1.1 502 ")
                .contains("takes no WebSocket in HTTP/2", "SETTINGS_ENABLE_CONNECT_PROTOCOL", "nor in HTTP/1.1");
        assertThat(seen).isEmpty();
    }

    private void expose(String name, int targetPort) throws IOException {
        site.edge.expose(ExposedService.of(name, new Target.Tcp("127.0.0.1", targetPort))
                .withOptions(TargetOptions.DEFAULT.withHttp2(true)));
    }
}
