package dev.culvert.node;

import dev.culvert.api.CallHandler;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.ErrorHook;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A service that answers calls. A thread is taken when a request is whole, not before. Any thread. [CALL] */
final class CallService implements LocalService {
    /** Requests that are received or handled, all together. */
    static final long MAX_HELD_BYTES = 256L << 20;

    private final Switchboard board;
    private final Executor threads;
    private final CallHandler handler;
    private final ErrorHook errors;
    private final int maxCalls;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong heldBytes = new AtomicLong();

    /** @param maxCalls that are received or handled at once */
    CallService(Switchboard board, Executor threads, CallHandler handler, ErrorHook errors, int maxCalls) {
        this.board = board;
        this.threads = threads;
        this.handler = handler;
        this.errors = errors;
        this.maxCalls = maxCalls;
    }

    @Override
    public String target() {
        return "calls";
    }

    @Override
    public void open(Incoming incoming) {
        if (calls.incrementAndGet() > maxCalls) {
            calls.decrementAndGet();
            incoming.refuse(board.refused(ErrorCode.BUSY, maxCalls + " calls are received or handled already"));
            return;
        }
        if (!incoming.accept(new ServedCall(this, incoming))) {
            calls.decrementAndGet();
        }
    }

    /** Takes memory for a part of a request; false: there is none. */
    boolean hold(int bytes) {
        return heldBytes.addAndGet(bytes) <= MAX_HELD_BYTES;
    }

    /** A call is over, with all that was held for it. */
    void over(int bytes) {
        heldBytes.addAndGet(-bytes);
        calls.decrementAndGet();
    }

    Switchboard board() {
        return board;
    }

    Executor threads() {
        return threads;
    }

    CallHandler handler() {
        return handler;
    }

    ErrorHook errors() {
        return errors;
    }
}
