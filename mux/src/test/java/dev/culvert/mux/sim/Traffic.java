package dev.culvert.mux.sim;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The application at one end of a stream: writes a payload of a given length and then finishes, checks each byte that
 * comes, and keeps a record. Owned by its stream's event loop. Never queues more than {@value #BOUND} bytes.
 */
public final class Traffic implements StreamHandler {
    private static final int BOUND = 64 * 1024;
    private static final int PIECE = 16 * 1024;
    private static final int NONE = -1;

    private final SimNet net;
    private final Payload incoming;
    private boolean reading = true;
    private @Nullable Payload outgoing;
    private long toWrite;
    private long written;
    private boolean finishes;
    private boolean finished;
    private long received;
    private int unread;
    private boolean finishSeen;
    private boolean closed;
    private int resetCode = NONE;
    private int stopCode = NONE;

    /** @param incoming what the other side will write */
    public Traffic(SimNet net, Payload incoming) {
        this.net = net;
        this.incoming = incoming;
    }

    /** A reader that never gives credit back until {@link #read}. */
    public Traffic notReading() {
        reading = false;
        return this;
    }

    /** Writes {@code bytes} of {@code payload} as fast as they leave, then finishes. */
    public void write(MuxStream stream, Payload payload, long bytes) {
        write(stream, payload, bytes, true);
    }

    public void write(MuxStream stream, Payload payload, long bytes, boolean thenFinish) {
        outgoing = payload;
        toWrite = bytes;
        finishes = thenFinish;
        pump(stream);
    }

    /** Takes {@code bytes} that were left unread. */
    public void read(MuxStream stream, int bytes) {
        unread -= bytes;
        stream.consumed(bytes);
    }

    /** Takes what was left unread, and from now on everything at once. */
    public void readAll(MuxStream stream) {
        reading = true;
        if (unread > 0) {
            read(stream, unread);
        }
    }

    public long received() {
        return received;
    }

    public long written() {
        return written;
    }

    public int unread() {
        return unread;
    }

    public boolean finishSeen() {
        return finishSeen;
    }

    public boolean closed() {
        return closed;
    }

    public boolean reset() {
        return resetCode != NONE;
    }

    public int resetCode() {
        return resetCode;
    }

    public int stopCode() {
        return stopCode;
    }

    /** Whether the stream has come to any end. */
    public boolean ended() {
        return closed || reset();
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        try {
            if (finishSeen || ended()) {
                net.fail(new AssertionError("[MUX-7] data on stream " + stream.id() + " after its end"));
            }
            incoming.check(received, data);
            int bytes = data.readableBytes();
            received += bytes;
            if (reading) {
                stream.consumed(bytes);
            } else {
                unread += bytes;
            }
        } catch (AssertionError wrong) {
            net.fail(new AssertionError("stream " + stream.id() + ": " + wrong.getMessage(), wrong));
        } finally {
            data.release();
        }
    }

    @Override
    public void onFinish(MuxStream stream) {
        if (finishSeen || ended()) {
            net.fail(new AssertionError("[MUX-7] stream " + stream.id() + " finished twice"));
        }
        finishSeen = true;
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        end(stream);
        resetCode = code;
    }

    @Override
    public void onStop(MuxStream stream, int code) {
        stopCode = code;
        finished = true;
    }

    @Override
    public void onWritten(MuxStream stream, int bytes) {
        pump(stream);
    }

    @Override
    public void onClosed(MuxStream stream) {
        end(stream);
        closed = true;
    }

    private void end(MuxStream stream) {
        if (ended()) {
            net.fail(new AssertionError("stream " + stream.id() + " ended twice"));
        }
        finished = true;
    }

    private void pump(MuxStream stream) {
        while (outgoing != null && !finished && written < toWrite && stream.queued() < BOUND) {
            int length = (int) Math.min(PIECE, toWrite - written);
            ByteBuf piece = outgoing.slice(net.alloc(), written, length);
            written += length;
            stream.write(piece);
        }
        if (finishes && !finished && written == toWrite) {
            finished = true;
            stream.finish();
        }
    }
}
