package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.ErrorHook;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service whose callers are served by code of the embedder, each on a thread of its own. Any thread. */
final class HandlerService implements LocalService {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerService.class);

    private final Switchboard board;
    private final Executor threads;
    private final StreamAcceptor acceptor;
    private final ErrorHook errors;

    HandlerService(Switchboard board, Executor threads, StreamAcceptor acceptor, ErrorHook errors) {
        this.board = board;
        this.threads = threads;
        this.acceptor = acceptor;
        this.errors = errors;
    }

    @Override
    public String target() {
        return "handler";
    }

    @Override
    public void open(Incoming incoming) {
        StreamPipe pipe = new StreamPipe(board.traffic(), false, null);
        Stream stream = Accepted.stream(incoming, pipe);
        try {
            threads.execute(() -> serve(stream));
        } catch (RejectedExecutionException e) {
            incoming.refuse(board.refused(ErrorCode.BUSY, "all threads for handlers are at work"));
            return;
        }
        Accepted.attach(incoming, pipe);
    }

    private void serve(Stream stream) {
        try {
            acceptor.accept(stream);
            stream.close();
        } catch (InterruptedException e) {
            stream.reset(ErrorCode.CANCELLED.number());
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            LOG.info("Handler of {} failed: {}", stream.address(), e.toString());
            stream.reset(ErrorCode.INTERNAL.number());
            tell(stream, e);
        }
    }

    private void tell(Stream stream, Throwable cause) {
        try {
            errors.onHandlerFailed(stream, cause);
        } catch (RuntimeException e) {
            LOG.warn("The hook for failed handlers failed", e);
        }
    }
}
