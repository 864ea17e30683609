package dev.culvert.node;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Moves bytes between pipes and what has none, piece by piece. <em>Stateless.</em> */
final class PipeTransfer {
    private static final int MAX_PIECE = 64 * 1024;

    /** Up to here a piece is copied among others before it leaves; beyond, it leaves as it is, best from where TLS and sockets read. */
    private static final int MAX_COPIED = 1024;

    private PipeTransfer() {}

    /** Writes all that remains. What stops it in between says how much went. */
    static int write(StreamPipe pipe, ByteBuffer source) throws IOException {
        int start = source.position();
        int end = source.limit();
        while (source.position() < end) {
            int before = source.position();
            int part = Math.min(end - before, MAX_PIECE);
            ByteBuf piece = room(part).writeBytes(source.limit(before + part));
            source.limit(end);
            try {
                pipe.write(piece);
            } catch (InterruptedIOException e) {
                source.position(before);
                e.bytesTransferred = before - start;
                throw e;
            }
        }
        return end - start;
    }

    private static ByteBuf room(int bytes) {
        return bytes <= MAX_COPIED ? Unpooled.buffer(bytes) : ByteBufAllocator.DEFAULT.directBuffer(bytes);
    }

    /** Everything that comes, from one pipe to another, as it is. */
    static long pieces(StreamPipe from, StreamPipe to) throws IOException {
        long bytes = 0;
        for (ByteBuf piece = from.read(); piece != null; piece = from.read()) {
            int part = piece.readableBytes();
            try {
                to.write(piece);
            } finally {
                from.used(part);
            }
            bytes += part;
        }
        return bytes;
    }

    /** Everything that comes, from the network's buffers. */
    static long to(StreamPipe from, WritableByteChannel target) throws IOException {
        long bytes = 0;
        for (ByteBuf piece = from.read(); piece != null; piece = from.read()) {
            int part = piece.readableBytes();
            try {
                for (ByteBuffer buffer : piece.nioBuffers()) {
                    while (buffer.hasRemaining()) {
                        target.write(buffer);
                    }
                }
            } finally {
                piece.release();
                from.used(part);
            }
            bytes += part;
        }
        return bytes;
    }

    /** Everything that a channel has, into buffers that travel. */
    static long from(ReadableByteChannel source, StreamPipe to) throws IOException {
        long bytes = 0;
        while (true) {
            ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(MAX_PIECE, MAX_PIECE);
            int part = fill(piece, source);
            if (part <= 0) {
                return bytes;
            }
            to.write(piece);
            bytes += part;
        }
    }

    /** Releases the piece if nothing comes into it. */
    private static int fill(ByteBuf piece, ReadableByteChannel source) throws IOException {
        int part = 0;
        try {
            part = source.read(piece.nioBuffer(0, MAX_PIECE));
            piece.writerIndex(Math.max(part, 0));
            return part;
        } finally {
            if (part <= 0) {
                piece.release();
            }
        }
    }
}
