package dev.culvert.examples.backstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.BindOptions;
import dev.culvert.api.Node;
import dev.culvert.api.PublicTerms;
import dev.culvert.netty.HttpService;
import dev.culvert.netty.HttpServiceOptions;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.concurrent.Executor;

/** An HTTP service on a machine that cannot be dialled, with no port at all: a function that the gateway leads to. */
public final class HttpFromBehind {
    private HttpFromBehind() {}

    /**
     * @param name what callers write into {@code x-backstream-client-id}
     * @param threads each serves one request at a time; it is interrupted when the caller has gone or the deadline is over
     */
    static HttpService serve(Node node, String name, Executor threads) throws IOException {
        HttpServiceOptions options =
                HttpServiceOptions.DEFAULT.withBind(BindOptions.DEFAULT.withPublicTerms(PublicTerms.ANYONE));
        return HttpService.open(node, name, options, HttpService.blocking(threads, HttpFromBehind::handle));
    }

    private static FullHttpResponse handle(FullHttpRequest request, String principal) {
        String answer = switch (request.uri()) {
            case "/test" -> "Hello " + request.content().toString(UTF_8);
            case "/bug" -> throw new IllegalStateException("500 for this request only");
            default -> request.method() + " " + request.uri();
        };
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(answer.getBytes(UTF_8)));
    }
}
