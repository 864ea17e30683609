package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.ErrorHook;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.api.StreamResetException;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service whose callers are served by code of the embedder, each on a thread of its own. Whatever that code throws ends its stream and
 * nothing else. Any thread.
 */
final class HandlerService implements LocalService {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerService.class);

    private final Switchboard board;
    private final Executor threads;
    private final StreamAcceptor acceptor;
    private final Semaphore places;
    private final ErrorHook errors;

    /**
     * @param threads rejects what it cannot begin at once
     * @param atOnce callers that are served at one time; more are refused BUSY
     */
    HandlerService(Switchboard board, Executor threads, StreamAcceptor acceptor, int atOnce, ErrorHook errors) {
        this.board = board;
        this.threads = threads;
        this.acceptor = acceptor;
        this.places = new Semaphore(atOnce);
        this.errors = errors;
    }

    @Override
    public String target() {
        return "handler";
    }

    @Override
    public void open(Incoming incoming) {
        if (!places.tryAcquire()) {
            incoming.refuse(board.refused(ErrorCode.BUSY, "the service has as many callers as it serves at once"));
            return;
        }
        StreamPipe pipe = board.pipes().accepting();
        Stream stream = Accepted.stream(incoming, pipe);
        try {
            threads.execute(() -> serve(stream));
        } catch (RejectedExecutionException e) {
            places.release();
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
        } catch (StreamResetException e) {
            LOG.debug("The caller of {} has gone: {}", stream.address(), e.toString());
            stream.reset(ErrorCode.CANCELLED.number());
        } catch (Throwable e) {
            stream.reset(ErrorCode.INTERNAL.number());
            failed(stream, e);
        } finally {
            places.release();
        }
    }

    /** The thread goes on to other callers, so nothing may leave here. */
    private void failed(Stream stream, Throwable cause) {
        try {
            if (cause instanceof IOException) {
                LOG.info("Handler of {} failed: {}", stream.address(), cause.toString());
            } else {
                LOG.warn("Handler of {} failed", stream.address(), cause);
            }
            errors.onHandlerFailed(stream, cause);
        } catch (Throwable e) {
            LOG.warn("The error hook failed too", e);
        }
    }
}
