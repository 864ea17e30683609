package dev.culvert.mux.sim;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a byte stream into frames, written without a look at the engine so that it can be its oracle. Not thread-safe. A
 * parser that keeps no payload reports a Data frame at its header.
 */
public final class FrameParser {
    private final Consumer<Frame> sink;
    private final boolean keepPayload;
    private final byte[] header = new byte[Frame.HEADER];
    private int headerFill;
    private @Nullable Frame open;
    private int payloadFill;

    public FrameParser(boolean keepPayload, Consumer<Frame> sink) {
        this.keepPayload = keepPayload;
        this.sink = sink;
    }

    /** Reads all of {@code bytes} without moving its indices or its ownership. */
    public void feed(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            at += open == null ? feedHeader(bytes, at, end) : feedPayload(open, bytes, at, end);
        }
    }

    /** Whether the stream stands between two frames. */
    public boolean atBoundary() {
        return headerFill == 0 && open == null;
    }

    private int feedHeader(ByteBuf bytes, int at, int end) {
        int length = Math.min(Frame.HEADER - headerFill, end - at);
        bytes.getBytes(at, header, headerFill, length);
        headerFill += length;
        if (headerFill == Frame.HEADER) {
            headerFill = 0;
            onHeader();
        }
        return length;
    }

    private void onHeader() {
        int type = header[1] & 0xff;
        int length = intAt(8);
        boolean hasPayload = type == Frame.DATA && length != 0;
        byte[] payload = new byte[hasPayload && keepPayload ? length : 0];
        int flags = (header[2] & 0xff) << 8 | header[3] & 0xff;
        Frame frame = new Frame(header[0] & 0xff, type, flags, intAt(4), length, payload);
        payloadFill = 0;
        open = hasPayload ? frame : null;
        if (!hasPayload || !keepPayload) {
            sink.accept(frame);
        }
    }

    private int feedPayload(Frame frame, ByteBuf bytes, int at, int end) {
        int length = (int) Math.min(Integer.toUnsignedLong(frame.length()) - payloadFill, end - at);
        if (keepPayload) {
            bytes.getBytes(at, frame.payload(), payloadFill, length);
        }
        payloadFill += length;
        if (payloadFill == frame.length()) {
            open = null;
            if (keepPayload) {
                sink.accept(frame);
            }
        }
        return length;
    }

    private int intAt(int index) {
        return (header[index] & 0xff) << 24
                | (header[index + 1] & 0xff) << 16
                | (header[index + 2] & 0xff) << 8
                | header[index + 3] & 0xff;
    }
}
