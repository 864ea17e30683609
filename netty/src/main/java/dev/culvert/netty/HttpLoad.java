package dev.culvert.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What one {@link HttpService}, or several that share it, hold at once. Any thread. */
public final class HttpLoad {
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final long mostBytes;
    private final int mostRequests;

    /** As much as the options of one service say. */
    public HttpLoad(HttpServiceOptions options) {
        this.mostBytes = options.heldBytes();
        this.mostRequests = options.requests();
    }

    /** So many more bytes in memory; false: there is no room for them. */
    boolean hold(int bytes) {
        if (heldBytes.addAndGet(bytes) <= mostBytes) {
            return true;
        }
        heldBytes.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        heldBytes.addAndGet(-bytes);
    }

    /** One more request; false: there are as many as there may be. */
    boolean begin() {
        if (requests.incrementAndGet() <= mostRequests) {
            return true;
        }
        requests.decrementAndGet();
        return false;
    }

    void end() {
        requests.decrementAndGet();
    }

    /** Nothing is held: for tests. */
    boolean isIdle() {
        return heldBytes.get() == 0 && requests.get() == 0;
    }

    static FullHttpResponse overloaded(String text) {
        FullHttpResponse response = answer(HttpResponseStatus.SERVICE_UNAVAILABLE, text);
        response.headers().setInt(HttpHeaderNames.RETRY_AFTER, 1);
        return response;
    }

    static FullHttpResponse answer(HttpResponseStatus status, String text) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer((text + "\n").getBytes(UTF_8)));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        return response;
    }
}
