package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The event loop's side of a pipe: takes in what comes, and carries out what threads have asked for, as much as has gathered in one task.
 * Its state is guarded by the pipe's lock; the stream is touched on its loop only.
 */
final class PipeLoop implements StreamHandler {
    private final PipeState state;
    private final Traffic traffic;
    private final boolean caller;
    private @Nullable MuxStream stream;
    private volatile @Nullable EventExecutor loop;
    private boolean posted;
    private boolean counted;
    private boolean waking;

    /** @param caller this is the dialling end */
    PipeLoop(PipeState state, Traffic traffic, boolean caller) {
        this.state = state;
        this.traffic = traffic;
        this.caller = caller;
    }

    /** The stream is open. On its loop; {@link Head#take} installs this. */
    void attach(MuxStream opened) {
        state.lock.lock();
        try {
            stream = opened;
            loop = opened.session().loop();
            state.outlet.foreign(opened.queued());
            traffic.open();
            counted = true;
            if (state.end.isOver()) {
                uncount();
            }
        } finally {
            state.lock.unlock();
        }
        turn();
    }

    /** Where the stream lives; null: it is not open yet. Any thread. */
    @Nullable
    EventExecutor loop() {
        return loop;
    }

    /** There is something to carry out. Any thread, with the lock. */
    void post() {
        EventExecutor executor = loop;
        if (posted || executor == null) {
            return;
        }
        try {
            executor.execute(this::turn);
            posted = true;
        } catch (RejectedExecutionException nodeClosed) {
            state.intake.tear();
            state.end.reset(ErrorCode.LINK_LOST.number(), "the node was closed");
            end();
        }
    }

    private void turn() {
        state.lock.lock();
        try {
            posted = false;
            MuxStream opened = stream;
            if (opened == null) {
                return;
            }
            giveBack(opened);
            if (!state.end.isOver()) {
                carryOut(opened);
            }
        } finally {
            state.lock.unlock();
        }
    }

    /** Also when the stream is over: what was unread counts against its session until then. */
    private void giveBack(MuxStream from) {
        int bytes = state.intake.giveBack();
        if (bytes > 0) {
            from.consumed(bytes);
        }
    }

    private void carryOut(MuxStream opened) {
        if (state.resetCode >= 0) {
            end();
            opened.reset(state.resetCode);
            return;
        }
        for (ByteBuf data = state.outlet.next(); data != null; data = state.outlet.next()) {
            count(data.readableBytes(), caller);
            opened.write(data);
        }
        if (state.outlet.mustFinish()) {
            opened.finish();
        }
        if (state.intake.mustStop()) {
            opened.stop(ErrorCode.CANCELLED.number());
        }
    }

    private void count(int bytes, boolean in) {
        if (in) {
            traffic.in(bytes);
        } else {
            traffic.out(bytes);
        }
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        state.lock.lock();
        try {
            count(data.readableBytes(), !caller);
            if (state.intake.arrive(data)) {
                wakeReader(from);
            } else {
                giveBack(from);
            }
        } finally {
            state.lock.unlock();
        }
    }

    /** Once for all that one read of the link has brought, since to wake a thread costs more than a frame. */
    private void wakeReader(MuxStream from) {
        if (!waking && state.hasReader()) {
            waking = true;
            from.session().loop().execute(this::wakeReader);
        }
    }

    private void wakeReader() {
        state.lock.lock();
        try {
            waking = false;
            state.readable.signal();
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void onFinish(MuxStream from) {
        state.lock.lock();
        try {
            state.intake.finish();
            state.readable.signalAll();
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void onStop(MuxStream from, int code) {
        state.lock.lock();
        try {
            state.outlet.stop();
            state.writable.signalAll();
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void onWritten(MuxStream from, int bytes) {
        state.lock.lock();
        try {
            state.outlet.written(bytes);
            if (state.outlet.isRoomy()) {
                state.writable.signalAll();
            }
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void onReset(MuxStream from, int code) {
        state.lock.lock();
        try {
            state.intake.tear();
            state.end.reset(code, "the stream was reset");
            end();
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void onClosed(MuxStream from) {
        state.lock.lock();
        try {
            end();
        } finally {
            state.lock.unlock();
        }
    }

    private void end() {
        uncount();
        state.end();
    }

    private void uncount() {
        if (counted) {
            counted = false;
            traffic.end();
        }
    }
}
