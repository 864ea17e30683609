package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * What came on one stream of HTTP/2 and is not wanted yet; the stream's window bounds it. Bytes are copied, so that small frames hold no large
 * buffers and cost no more than what they carry. Owned by its channel's loop.
 */
final class Http2Inbox {
    private final ByteBufAllocator alloc;
    private @Nullable ByteBuf bytes;
    private @Nullable LastHttpContent last;

    Http2Inbox(ByteBufAllocator alloc) {
        this.alloc = alloc;
    }

    /** The reference stays the caller's. */
    void add(ByteBuf data) {
        if (!data.isReadable()) {
            return;
        }
        if (bytes == null) {
            bytes = alloc.buffer(data.readableBytes());
        }
        bytes.writeBytes(data, data.readerIndex(), data.readableBytes());
    }

    /** Nothing more will come. */
    void end() {
        last = LastHttpContent.EMPTY_LAST_CONTENT;
    }

    /** Nothing more will come, but these. */
    void end(HttpHeaders trailers) {
        LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        end.trailingHeaders().set(trailers);
        last = end;
    }

    boolean isEmpty() {
        return bytes == null && last == null;
    }

    /** Whether all that will come is here. */
    boolean isEnded() {
        return last != null;
    }

    /** What is next, which is the caller's; null: nothing has come. */
    @Nullable
    HttpContent next() {
        ByteBuf some = bytes;
        if (some != null) {
            bytes = null;
            return new DefaultHttpContent(some);
        }
        LastHttpContent end = last;
        last = null;
        return end;
    }

    /** Nobody wants it. */
    void clear() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
        last = null;
    }
}
