package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** What goes to a service over HTTP/2, on one stream after the other. Owned by its channel's loop. */
final class Http2ServiceOutput {
    private final Channel channel;
    private final Http2ConnectionHandler handler;
    private int streamId;
    private @Nullable ChannelFuture last;

    Http2ServiceOutput(Channel channel, Http2ConnectionHandler handler) {
        this.channel = channel;
        this.handler = handler;
    }

    /** What follows is for the next stream. */
    void next() {
        streamId = handler.connection().local().incrementAndGetNextStreamId();
        last = null;
    }

    int streamId() {
        return streamId;
    }

    private ChannelHandlerContext context() {
        return channel.pipeline().context(handler);
    }

    private @Nullable Http2Stream stream() {
        return handler.connection().stream(streamId);
    }

    private boolean isOpen() {
        Http2Stream stream = stream();
        return stream != null && stream.state().localSideOpen() && last == null;
    }

    boolean isWritable() {
        Http2Stream stream = stream();
        return stream != null && handler.encoder().flowController().isWritable(stream);
    }

    ChannelFuture write(Http2Headers headers, boolean end) {
        return handler.encoder()
                .writeHeaders(context(), streamId, headers, 0, end, context().newPromise());
    }

    /** The reference is consumed; lost if the stream was reset meanwhile. */
    void write(HttpContent content) {
        HttpHeaders trailers = content instanceof LastHttpContent end ? end.trailingHeaders() : null;
        boolean ends = trailers != null && trailers.isEmpty();
        if (stream() == null || !content.content().isReadable() && !ends) {
            content.release();
        } else {
            write(content.content(), ends);
        }
        if (trailers != null && !ends && stream() != null) {
            write(Http2Heads.fields(trailers), true);
        }
    }

    /** As bytes of a tunnel; the reference is consumed; lost if the stream was reset meanwhile. */
    void write(ByteBuf bytes) {
        if (isOpen()) {
            write(bytes, false);
            flush();
        } else {
            bytes.release();
        }
    }

    private ChannelFuture write(ByteBuf data, boolean end) {
        return handler.encoder()
                .writeData(context(), streamId, data, 0, end, context().newPromise());
    }

    /** The end of a tunnel's half, behind what was written. */
    void finish() {
        if (isOpen()) {
            last = write(Unpooled.EMPTY_BUFFER, true);
            flush();
        }
    }

    void flush() {
        if (channel.isOpen()) {
            handler.flush(context());
        }
    }

    /** Ends the connection behind what was written, once the service has it. */
    void leave() {
        ChannelFuture written = last == null ? channel.newSucceededFuture() : last;
        written.addListener(end -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(gone -> {
            if (channel instanceof StreamChannel stream) {
                stream.finishOutput(); // the service ends its side, and with it the connection
            }
        }));
    }
}
