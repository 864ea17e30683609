package dev.culvert.mux.conformance;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A session's handler that writes everything down. Owned by its session's event loop. */
final class SessionLog implements SessionHandler {
    private final List<MuxStream> streams = new ArrayList<>();
    private final List<StreamHandler> handlers = new ArrayList<>();
    private final List<Integer> goAways = new ArrayList<>();
    private Function<MuxStream, StreamHandler> answer = stream -> StreamLog.consuming();
    private @Nullable ErrorCode closed;
    private String reason = "";

    /** What new streams of the peer get from now on. */
    void answer(Function<MuxStream, StreamHandler> with) {
        answer = with;
    }

    /** The streams that the peer opened, in order. */
    List<MuxStream> streams() {
        return streams;
    }

    MuxStream stream(int index) {
        return streams.get(index);
    }

    /** What was logged of the peer's stream at this index. */
    StreamLog log(int index) {
        return (StreamLog) handlers.get(index);
    }

    List<Integer> goAways() {
        return goAways;
    }

    /** How the session ended; {@code null} while it lives. */
    @Nullable
    ErrorCode closed() {
        return closed;
    }

    String reason() {
        return reason;
    }

    @Override
    public StreamHandler onOpen(MuxStream stream) {
        StreamHandler handler = answer.apply(stream);
        streams.add(stream);
        handlers.add(handler);
        return handler;
    }

    @Override
    public void onGoAway(MuxSession session, int code) {
        goAways.add(code);
    }

    @Override
    public void onClosed(MuxSession session, ErrorCode code, String why) {
        if (closed != null) {
            throw new AssertionError("closed twice: " + closed + ", then " + code);
        }
        closed = code;
        reason = why;
    }
}
