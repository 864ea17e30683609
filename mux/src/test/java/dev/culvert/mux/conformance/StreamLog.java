package dev.culvert.mux.conformance;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A stream's handler that writes everything down. Owned by its stream's event loop. */
final class StreamLog implements StreamHandler {
    private final StringBuilder text = new StringBuilder();
    private final List<String> events = new ArrayList<>();
    private final boolean consumes;
    private long bytes;
    private long written;

    private StreamLog(boolean consumes) {
        this.consumes = consumes;
    }

    /** Gives credit back at once. */
    static StreamLog consuming() {
        return new StreamLog(true);
    }

    /** Leaves all data unread. */
    static StreamLog stalled() {
        return new StreamLog(false);
    }

    /** Everything received, as text. */
    String text() {
        return text.toString();
    }

    long bytes() {
        return bytes;
    }

    /** Payload bytes that left the queue. */
    long written() {
        return written;
    }

    /** Everything but data: {@code finish}, {@code reset 3}, {@code stop 3}, {@code closed}. */
    List<String> events() {
        return events;
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        int length = data.readableBytes();
        bytes += length;
        if (text.length() < 1000) {
            text.append(data.toString(StandardCharsets.UTF_8));
        }
        data.release();
        if (consumes) {
            stream.consumed(length);
        }
    }

    @Override
    public void onFinish(MuxStream stream) {
        events.add("finish");
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        events.add("reset " + code);
    }

    @Override
    public void onStop(MuxStream stream, int code) {
        events.add("stop " + code);
    }

    @Override
    public void onWritten(MuxStream stream, int count) {
        written += count;
    }

    @Override
    public void onClosed(MuxStream stream) {
        events.add("closed");
    }
}
