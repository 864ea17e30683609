package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A web server beside an agent, which answers with what it was asked: version, scheme, host, path, length of the body and what the PROXY protocol
 * said. Belongs to one test.
 */
final class WebServer implements AutoCloseable {
    /** Answers HEAD in HTTP/2 with a body. */
    static final String RUDE = "/rude";

    private static final int LARGEST = 16 << 20;

    /** What it speaks. */
    enum Speech {
        HTTP_1,
        /** Without TLS by prior knowledge, and nothing else. */
        HTTP_2,
        /** After a header of the PROXY protocol. */
        PROXIED
    }

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listening;
    final AtomicInteger connections = new AtomicInteger();

    /** @param tls null: none; else ALPN leads to HTTP/2 or HTTP/1.1 */
    WebServer(Speech speech, @Nullable SslContext tls) throws InterruptedException {
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.incrementAndGet();
                        begin(channel.pipeline(), speech, tls);
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private static void begin(ChannelPipeline pipeline, Speech speech, @Nullable SslContext tls) {
        Answers answers = new Answers();
        if (speech == Speech.PROXIED) {
            pipeline.addLast(new HAProxyMessageDecoder(), new SimpleChannelInboundHandler<HAProxyMessage>() {
                @Override
                protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage message) {
                    answers.caller = message.sourceAddress() + ":" + message.sourcePort();
                }
            });
        }
        if (tls != null) {
            pipeline.addLast(
                    tls.newHandler(pipeline.channel().alloc()),
                    new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                        @Override
                        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                            serve(ctx.pipeline(), protocol.equals(ApplicationProtocolNames.HTTP_2), answers);
                        }

                        @Override
                        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
                            ctx.close();
                        }

                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            ctx.close();
                        }
                    });
        } else {
            serve(pipeline, speech == Speech.HTTP_2, answers);
        }
    }

    private static void serve(ChannelPipeline pipeline, boolean second, Answers answers) {
        if (!second) {
            pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(LARGEST), answers);
            return;
        }
        pipeline.addLast(
                Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        Answers own = new Answers();
                        own.second = true;
                        stream.pipeline()
                                .addLast(
                                        new Http2StreamFrameToHttpObjectCodec(true),
                                        new HttpObjectAggregator(LARGEST),
                                        own);
                    }
                }));
    }

    /** Of one connection, or of one stream. */
    private static final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        private String caller = "nobody";
        private boolean second;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            String scheme = request.headers().get(ExtensionHeaderNames.SCHEME.text(), "-");
            String said = (second ? "2" : "1") + " " + scheme + " "
                    + request.headers().get("host") + " " + request.method() + " " + request.uri() + " "
                    + request.content().readableBytes() + " " + caller;
            boolean bodiless = second
                    && request.method().equals(HttpMethod.HEAD)
                    && !request.uri().equals(RUDE);
            FullHttpResponse answer = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.OK,
                    bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.copiedBuffer(said, UTF_8));
            HttpUtil.setContentLength(answer, said.length());
            ctx.writeAndFlush(answer);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @Override
    public void close() {
        listening.close();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
}
