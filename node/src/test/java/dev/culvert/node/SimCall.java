package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.mux.sim.Payload;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One dial and its stream, as the caller sees them. Owned by the simulation's thread. */
final class SimCall implements StreamHandler {
    private static final int PIECE = 8 * 1024;
    private static final int BOUND = 64 * 1024;

    final SimSystem system;
    final SimNode caller;
    private final int number;
    private final Plan plan;
    private State state = State.DIALLING;
    private @Nullable MuxStream stream;
    private long startedNanos;
    private long written;
    private long received;
    private boolean finished;
    private boolean waiting;
    private boolean notDelivered;
    private boolean delivered;
    private ErrorCode code = ErrorCode.OK;

    enum State {
        DIALLING,
        OPEN,
        /** The dial ended with a code. */
        REFUSED,
        /** All was echoed and both halves are finished. */
        DONE,
        /** The stream ended with a code. */
        RESET
    }

    /**
     * What the call does.
     *
     * @param total bytes that it sends and wants back
     * @param first how many of them leave with the open
     * @param pauseMillis between pieces
     * @param resetAfter bytes after which it resets; negative: it does not
     */
    record Plan(
            String address,
            long timeoutMillis,
            int total,
            int first,
            int pauseMillis,
            int resetAfter,
            boolean replaySafe,
            Map<String, String> headers) {
        static Plan of(String address) {
            return new Plan(address, 30_000, 1_000, 0, 0, -1, false, Map.of());
        }

        Plan with(int newTotal, int newFirst) {
            return new Plan(address, timeoutMillis, newTotal, newFirst, pauseMillis, resetAfter, replaySafe, headers);
        }

        Plan withPause(int millis) {
            return new Plan(address, timeoutMillis, total, first, millis, resetAfter, replaySafe, headers);
        }

        Plan withTimeout(long millis) {
            return new Plan(address, millis, total, first, pauseMillis, resetAfter, replaySafe, headers);
        }

        Plan withReset(int after) {
            return new Plan(address, timeoutMillis, total, first, pauseMillis, after, replaySafe, headers);
        }

        Plan withReplaySafe() {
            return new Plan(address, timeoutMillis, total, first, pauseMillis, resetAfter, true, headers);
        }

        Plan withHeader(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Plan(address, timeoutMillis, total, first, pauseMillis, resetAfter, replaySafe, more);
        }
    }

    SimCall(SimSystem system, SimNode caller, int number, Plan plan) {
        this.system = system;
        this.caller = caller;
        this.number = number;
        this.plan = plan;
    }

    void dial() {
        startedNanos = system.net.nowNanos();
        DialOptions options = DialOptions.DEFAULT
                .withTimeout(Duration.ofMillis(plan.timeoutMillis()))
                .withHeaders(
                        plan.withHeader(SimEcho.CALL, Integer.toString(number)).headers())
                .withReplaySafe(plan.replaySafe());
        ByteBuf first = payload().slice(system.net.alloc(), 0, plan.first());
        written = plan.first();
        caller.parts()
                .dials()
                .open(Address.parse(plan.address()), options, first, this)
                .whenComplete((opened, failure) -> {
                    if (failure == null) {
                        onOpened(opened);
                    } else {
                        onRefused(failure);
                    }
                });
    }

    private void onOpened(MuxStream opened) {
        if (state == State.DIALLING) {
            state = State.OPEN;
            stream = opened;
            pump();
        }
    }

    private void onRefused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (!(cause instanceof DialException refused)) {
            system.fail("%s failed otherwise than documented: %s", this, cause);
            return;
        }
        code = refused.code();
        notDelivered = refused.notDelivered();
        end(State.REFUSED);
        system.invariants.onRefused(this, refused);
    }

    private void end(State end) {
        state = end;
        system.log("%s: %s %s", this, end, code == ErrorCode.OK ? "" : code);
        system.ended(this);
    }

    Payload payload() {
        return new Payload(number);
    }

    long total() {
        return plan.total();
    }

    State state() {
        return state;
    }

    ErrorCode code() {
        return code;
    }

    boolean isOver() {
        return state != State.DIALLING && state != State.OPEN;
    }

    /** When the dial must have ended. */
    long deadlineNanos() {
        return startedNanos + TimeUnit.MILLISECONDS.toNanos(plan.timeoutMillis());
    }

    /** A byte of it has reached a service. */
    void onDelivered() {
        if (notDelivered) {
            system.fail("delivered after all: %s was refused with not_delivered", this);
        }
        delivered = true;
    }

    boolean delivered() {
        return delivered;
    }

    private void pump() {
        waiting = false;
        MuxStream open = stream;
        while (open != null && state == State.OPEN && written < plan.total() && open.queued() < BOUND) {
            if (plan.resetAfter() >= 0 && written >= plan.resetAfter()) {
                reset(open);
                return;
            }
            int length = (int) Math.min(PIECE, plan.total() - written);
            open.write(payload().slice(system.net.alloc(), written, length));
            written += length;
            if (plan.pauseMillis() > 0) {
                waiting = true;
                open.session().loop().schedule(this::pump, plan.pauseMillis(), TimeUnit.MILLISECONDS);
                return;
            }
        }
        if (open != null && state == State.OPEN && written == plan.total() && !finished) {
            finished = true;
            open.finish();
        }
    }

    private void reset(MuxStream open) {
        code = ErrorCode.CANCELLED;
        end(State.RESET);
        open.reset(ErrorCode.FIRST_APPLICATION_CODE + number);
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        int bytes = data.readableBytes();
        try {
            payload().check(received, data);
        } catch (AssertionError wrong) {
            system.fail("%s at the caller: %s", this, wrong.getMessage());
        } finally {
            data.release();
        }
        received += bytes;
        from.consumed(bytes);
    }

    @Override
    public void onWritten(MuxStream from, int bytes) {
        if (!waiting) {
            pump();
        }
    }

    @Override
    public void onFinish(MuxStream from) {
        if (isOver()) {
            return;
        }
        if (received != plan.total()) {
            system.fail("lost bytes: %s finished at the caller after %d of %d bytes", this, received, plan.total());
        }
        end(State.DONE);
    }

    @Override
    public void onReset(MuxStream from, int number) {
        if (!isOver()) {
            code = ErrorCode.of(number);
            end(State.RESET);
            system.invariants.onReset(this, code);
        }
    }

    @Override
    public String toString() {
        return "call " + number + " " + caller + "->" + plan.address();
    }
}
