package dev.culvert.netty;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import java.util.concurrent.CompletionStage;

/** Answers the requests of an {@link HttpService}. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers one request, now or later. Called on the event loop of its caller's connection, so it must not block; for a handler that
     * does, see {@link HttpService#blocking}. What it throws, and what the stage fails with, is 500 for this request alone; a {@link
     * dev.culvert.api.CulvertException} resets the stream with its code instead.
     *
     * @param request whole; its bytes are on the heap, so nobody needs to release it
     * @param principal who the caller is, as the last relay proved it
     * @return the answer; its length is set here. The stage's future is cancelled when the caller has gone, or wants no answer any more
     */
    CompletionStage<FullHttpResponse> handle(FullHttpRequest request, String principal);
}
