package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder of requests at its strictest, and stricter: what two parsers could read in two ways is a bad message. What follows a
 * request to upgrade is not read as HTTP. Owned by the channel's loop.
 */
final class ClientDecoder extends HttpRequestDecoder {
    static final int PIECE_BYTES = 64 * 1024;

    private final HeadScan scan = new HeadScan(true);
    private final Runnable onHeadBegun;
    private boolean inHead = true;
    private boolean begun;
    private boolean upgrading;
    private boolean full;

    /** @param onHeadBegun called with the first byte of each head */
    ClientDecoder(int maxHeadBytes, Runnable onHeadBegun) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeadBytes)
                .setMaxHeaderSize(maxHeadBytes)
                .setMaxChunkSize(PIECE_BYTES)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false));
        this.onHeadBegun = onHeadBegun;
    }

    /** Whether no more should be read: what follows a request to upgrade waits here until that is answered. */
    boolean isFull() {
        return full;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (upgrading) {
            full = in.readableBytes() >= PIECE_BYTES;
            if (full) {
                ctx.channel().config().setAutoRead(false);
            }
            return;
        }
        if (inHead && !begun && in.isReadable()) {
            begun = true;
            onHeadBegun.run();
        }
        int from = in.readerIndex();
        int before = out.size();
        super.decode(ctx, in, out);
        look(in, from, out.subList(before, out.size()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (full) {
            ctx.fireChannelReadComplete(); // the codec would ask for more, since it made nothing of what came
        } else {
            super.channelReadComplete(ctx);
        }
    }

    /** At what was read in one step: part of a head, or of a body with the lines around it. */
    private void look(ByteBuf in, int from, List<Object> out) {
        boolean data = out.stream()
                .anyMatch(part ->
                        part instanceof HttpContent content && content.content().isReadable());
        if (!data) {
            in.forEachByte(from, in.readerIndex() - from, scan::scan);
        }
        String fault = scan.fault();
        for (Object part : out) {
            if (fault != null
                    && part instanceof HttpObject object
                    && object.decoderResult().isSuccess()
                    && !isEmptyEnd(part)) {
                object.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(fault)));
            }
            if (part instanceof LastHttpContent) {
                inHead = true;
                begun = false;
                scan.reset(true);
            } else if (part instanceof HttpRequest request) {
                inHead = false;
                upgrading = request.decoderResult().isSuccess() && Upgrades.wanted(request) != null;
                scan.reset(false);
            }
        }
    }

    /** The constant that ends a message without trailers has no result of its own. */
    private static boolean isEmptyEnd(Object part) {
        return part == LastHttpContent.EMPTY_LAST_CONTENT;
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        message.setDecoderResult(DecoderResult.failure(
                new IllegalArgumentException("both Transfer-Encoding and Content-Length (expected: one of them)")));
    }
}
