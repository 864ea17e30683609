package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service whose callers are served on their event loop. Any thread. */
final class CallbackService implements LocalService {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackService.class);

    private final Switchboard board;
    private final Function<MuxStream, StreamHandler> acceptor;

    CallbackService(Switchboard board, Function<MuxStream, StreamHandler> acceptor) {
        this.board = board;
        this.acceptor = acceptor;
    }

    @Override
    public String target() {
        return "callback";
    }

    @Override
    public void open(Incoming incoming) {
        StreamHandler handler;
        try {
            handler = acceptor.apply(incoming.stream());
        } catch (RuntimeException | Error e) {
            LOG.error("The acceptor of '{}' failed", incoming.call().key(), e);
            incoming.refuse(board.refused(ErrorCode.INTERNAL, "the service's acceptor failed"));
            return;
        }
        Counted.accept(incoming, board.traffic(), handler);
    }
}
