package dev.culvert.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Netty's own HTTP codecs at both ends, with bodies larger than all windows on the way. */
@Timeout(60)
final class HttpTest {
    private static final int MAX_BODY = 4 << 20;
    private static final String BODY = "body ".repeat(200_000);

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private Roles roles;

    @BeforeEach
    void start() throws IOException {
        roles = new Roles();
    }

    @AfterEach
    void close() {
        roles.close();
    }

    @Test
    void requests_of_http_1_follow_each_other_on_one_channel() throws InterruptedException {
        roles.server(() -> adding(
                        () -> List.of(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY), new Answering())))
                .bind(CulvertAddress.of("web"))
                .syncUninterruptibly();
        Channel channel = Roles.await(roles.client(adding(
                        () -> List.of(new HttpClientCodec(), new HttpObjectAggregator(MAX_BODY), new Collecting())))
                .connect(CulvertAddress.of("edge7.web")));

        channel.writeAndFlush(request("/first", "hello"));
        assertThat(answer()).isEqualTo("200 /first hello");
        channel.writeAndFlush(request("/second", BODY));
        assertThat(answer()).hasSize("200 /second ".length() + BODY.length());
    }

    @Test
    void requests_of_http_2_share_one_channel() throws InterruptedException {
        roles.server(() -> adding(() -> List.of(
                        Http2FrameCodecBuilder.forServer().build(),
                        new Http2MultiplexHandler(adding(() -> List.of(
                                new Http2StreamFrameToHttpObjectCodec(true),
                                new HttpObjectAggregator(MAX_BODY),
                                new Answering()))))))
                .bind(CulvertAddress.of("web"))
                .syncUninterruptibly();
        Channel channel = Roles.await(roles.client(adding(() ->
                        List.of(Http2FrameCodecBuilder.forClient().build(), new Http2MultiplexHandler(new Refusing()))))
                .connect(CulvertAddress.of("edge7.web")));

        for (String path : new String[] {"/a", "/b", "/c"}) {
            stream(channel).writeAndFlush(request(path, BODY));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(answer()).startsWith("200 /").hasSize("200 /a ".length() + BODY.length());
        }
    }

    private Channel stream(Channel channel) {
        return new Http2StreamChannelBootstrap(channel)
                .handler(adding(() -> List.of(
                        new Http2StreamFrameToHttpObjectCodec(false),
                        new HttpObjectAggregator(MAX_BODY),
                        new Collecting())))
                .open()
                .syncUninterruptibly()
                .getNow();
    }

    private String answer() throws InterruptedException {
        return answers.poll(20, TimeUnit.SECONDS);
    }

    private static FullHttpRequest request(String path, String body) {
        ByteBuf content = Unpooled.copiedBuffer(body, UTF_8);
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path, content);
        request.headers()
                .set(HttpHeaderNames.HOST, "edge7.web")
                .set("x-http2-scheme", HttpScheme.HTTP.name())
                .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        return request;
    }

    /** Adds handlers that are made anew for each channel. */
    private static ChannelHandler adding(Supplier<List<ChannelHandler>> handlers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                handlers.get().forEach(channel.pipeline()::addLast);
            }
        };
    }

    private static final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            ByteBuf body = Unpooled.copiedBuffer(
                    request.uri() + " " + request.content().toString(UTF_8), UTF_8);
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            ctx.writeAndFlush(response);
        }
    }

    private final class Collecting extends SimpleChannelInboundHandler<FullHttpResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            answers.add(response.status().code() + " " + response.content().toString(UTF_8));
        }
    }

    /** The server opens no streams. */
    private static final class Refusing extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.close();
        }
    }
}
