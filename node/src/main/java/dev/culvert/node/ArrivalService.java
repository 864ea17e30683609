package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service whose callers are accepted without a thread that waits, now or later. Any thread. */
final class ArrivalService implements LocalService {
    private static final Logger LOG = LoggerFactory.getLogger(ArrivalService.class);

    private final Switchboard board;
    private final Consumer<Arrival> acceptor;

    ArrivalService(Switchboard board, Consumer<Arrival> acceptor) {
        this.board = board;
        this.acceptor = acceptor;
    }

    @Override
    public String target() {
        return "acceptor";
    }

    @Override
    public void open(Incoming incoming) {
        try {
            acceptor.accept(new Arrival(incoming, board));
        } catch (RuntimeException | Error e) {
            LOG.error("The acceptor of '{}' failed", incoming.call().key(), e);
            incoming.refuse(board.refused(ErrorCode.INTERNAL, "the service's acceptor failed"));
        }
    }
}
