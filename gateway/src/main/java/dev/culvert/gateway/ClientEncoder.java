package dev.culvert.gateway;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Netty's encoder of responses, told whether the response at hand answers HEAD. Owned by the channel's loop. */
final class ClientEncoder extends HttpResponseEncoder {
    private boolean head;

    /** From now on responses answer HEAD, or do not: RFC 9110, 9.3.2. */
    void answersHead(boolean newHead) {
        head = newHead;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return head || super.isContentAlwaysEmpty(response);
    }
}
