package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Who asked: one request's way back to its client, whichever version of HTTP carries it. Its {@link Exchange} calls it, on the client's loop, which
 * owns both.
 */
interface ClientLeg {
    ServiceConnector connector();

    boolean isWritable();

    /** A head that is no final one; a client that could not take it does not get it. */
    void interim(HttpResponse head);

    /**
     * A head, framed for this client.
     *
     * @param delimited its end is known without the end of the connection
     */
    void head(HttpResponse head, boolean delimited);

    void content(HttpContent content);

    /**
     * The last content was given.
     *
     * @param requestDone the request was read to its end
     */
    void answered(boolean requestDone, int status, long bytesIn, long bytesOut);

    /** Instead of an answer. */
    void fault(HttpFault fault, boolean requestDone, long bytesIn);

    /** The answer cannot be completed, and the client must see that. */
    void cut(HttpFault fault, int status, long bytesIn, long bytesOut);

    /** 101 was sent: from now on there are bytes both ways: {@link Exchange#bytes} and {@link #bytes}. */
    void becomeTunnel();

    void bytes(ByteBuf bytes);

    void finishBytes();

    /** The exchange may want more of the body, or wants none. */
    void pump();
}
