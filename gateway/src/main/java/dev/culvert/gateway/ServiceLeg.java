package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a service: one request at a time, whichever version of HTTP carries it; then it may wait for the next in its {@link
 * ServicePool}. Owned by its channel's loop, which is that of the client it serves.
 */
interface ServiceLeg {
    /** How long a service may take to read the last of a tunnel. */
    long LEAVE_MILLIS = 60_000;

    /** The next request has begun: its answer is for this listener. */
    void take(Listener listener, HttpMethod method);

    /**
     * The answer is complete.
     *
     * @param onEnd called once if the connection ends before the next request
     */
    void rest(Runnable onEnd);

    /** Whether it has carried a request before. */
    boolean isUsed();

    /** Whether the service has said that it did not begin with the request. */
    boolean isRefused();

    /** Whether the service has said that it takes no tunnel in this version of HTTP; it knows of no request then. */
    boolean refusesTunnels();

    boolean isOpen();

    /** Whether it may carry another request. */
    boolean isReusable();

    boolean isWritable();

    void send(HttpRequest head);

    /** The reference is consumed. */
    void send(HttpContent content);

    /** Behind {@link #stopEncoding()}. The reference is consumed. */
    void send(ByteBuf bytes);

    void flush();

    /** The client takes no more for now. */
    void pause();

    void resume();

    /** From now on bytes to the service pass as they are. */
    void stopEncoding();

    /** From now on bytes from the service pass as they are; those that came already are told at once. */
    void stopDecoding();

    /** Half-close, behind what was sent. */
    void finish();

    /** Both halves of a tunnel have ended: the connection ends, behind what was sent. Nobody is told any more. */
    void leave();

    /** Nobody wants the rest: the service learns it. */
    void close();

    /** Is told what the service says to one request. Objects with bytes are the listener's. */
    interface Listener {
        void onHead(HttpResponse head);

        void onContent(HttpContent content);

        /** After {@link #stopDecoding()}. */
        void onBytes(ByteBuf bytes);

        /** The service has finished its half: no more will come. */
        void onServiceFinished();

        /**
         * The connection is gone.
         *
         * @param cause why; null: the service closed it
         */
        void onServiceGone(@Nullable CulvertException cause);

        /** There is room again, or there is none. */
        void onServiceWritable();
    }
}
