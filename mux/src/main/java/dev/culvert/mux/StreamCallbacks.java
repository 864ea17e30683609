package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the owners of streams. What they throw is a bug on this side: it is logged with its stack and resets that stream with
 * INTERNAL, and never disturbs the session.
 */
final class StreamCallbacks {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCallbacks.class);

    private StreamCallbacks() {}

    static void data(MuxStream stream, ByteBuf data) {
        try {
            stream.handler().onData(stream, data);
        } catch (RuntimeException | Error thrown) {
            failed(stream, thrown);
        }
    }

    static void finish(MuxStream stream) {
        try {
            stream.handler().onFinish(stream);
        } catch (RuntimeException | Error thrown) {
            failed(stream, thrown);
        }
    }

    static void reset(MuxStream stream, int code) {
        try {
            stream.handler().onReset(stream, code);
        } catch (RuntimeException | Error thrown) {
            failed(stream, thrown);
        }
    }

    static void stop(MuxStream stream, int code) {
        try {
            stream.handler().onStop(stream, code);
        } catch (RuntimeException | Error thrown) {
            failed(stream, thrown);
        }
    }

    static void written(MuxStream stream, int bytes) {
        try {
            stream.handler().onWritten(stream, bytes);
        } catch (RuntimeException | Error thrown) {
            failed(stream, thrown);
        }
    }

    static void closed(MuxStream stream) {
        try {
            stream.handler().onClosed(stream);
        } catch (RuntimeException | Error thrown) {
            failed(stream, thrown);
        }
    }

    private static void failed(MuxStream stream, Throwable thrown) {
        LOG.error("{} stream {}: its handler failed; the stream is reset", stream.session(), stream.id(), thrown);
        stream.reset(ErrorCode.INTERNAL.number());
    }
}
