package dev.culvert.node;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import java.util.function.Function;

/** A service whose callers are served on their event loop. Any thread. */
final class CallbackService implements LocalService {
    private final Function<MuxStream, StreamHandler> acceptor;

    CallbackService(Function<MuxStream, StreamHandler> acceptor) {
        this.acceptor = acceptor;
    }

    @Override
    public String target() {
        return "callback";
    }

    @Override
    public void open(Incoming incoming) {
        incoming.accept(acceptor.apply(incoming.stream()));
    }
}
