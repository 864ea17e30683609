package dev.culvert.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Netty's decoder of requests at its strictest: a message with two lengths is a bad one, and what follows a CONNECT is no HTTP. Owned by the
 * channel's loop.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final int MAX_LINE = 8_192;

    private boolean tunnel;

    RequestDecoder(int maxHeaderBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(maxHeaderBytes)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false));
    }

    /** Bytes behind a CONNECT stay where they are, until this decoder is removed and passes them on as they are. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (tunnel) {
            return;
        }
        super.decode(ctx, in, out);
        for (Object message : out) {
            tunnel |= message instanceof HttpRequest request && request.method().equals(HttpMethod.CONNECT);
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        message.setDecoderResult(DecoderResult.failure(
                new IllegalArgumentException("both Transfer-Encoding and Content-Length (expected: one of them)")));
    }
}
