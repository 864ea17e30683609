package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.CallRequest;
import dev.culvert.link.proto.StreamOpen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request on its way through a handler, and the means to stop it. Guarded by its lock. */
final class PendingRequest implements CallRequest {
    private final StreamOpen open;
    private final byte[] body;
    private final boolean notification;
    private final Supplier<HookLine> lines;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> onCancel = new ArrayList<>(0);
    private @Nullable HookLine line;
    private @Nullable Thread worker;
    private boolean cancelled;
    private boolean answered;

    /** @param lines makes the line on which tasks of a cancelled request run */
    PendingRequest(StreamOpen open, byte[] body, boolean notification, Supplier<HookLine> lines) {
        this.open = open;
        this.body = body;
        this.notification = notification;
        this.lines = lines;
    }

    /** The handler begins on this thread; false: nobody waits for it any more. */
    boolean begin() {
        lock.lock();
        try {
            worker = Thread.currentThread();
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    /** The handler has ended; an interrupt that it did not see is taken back, since the thread will serve others. */
    void end() {
        lock.lock();
        try {
            worker = null;
            if (cancelled) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The answer has been sent: what comes now cancels nothing. */
    void answered() {
        lock.lock();
        try {
            answered = true;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits for the answer any more. Any thread. */
    void cancel() {
        lock.lock();
        try {
            if (cancelled || answered) {
                return;
            }
            cancelled = true;
            if (worker != null) {
                worker.interrupt();
            }
            onCancel.forEach(this::later);
            onCancel.clear();
        } finally {
            lock.unlock();
        }
    }

    private void later(Runnable task) {
        HookLine tasks = line;
        if (tasks == null) {
            tasks = lines.get();
            line = tasks;
        }
        tasks.add(task);
    }

    @Override
    public Address address() {
        return new Address(open.getNode(), open.getService(), open.getPort(), open.getNamespace());
    }

    @Override
    public String principal() {
        return open.getPrincipal();
    }

    @Override
    public Map<String, String> headers() {
        return open.getHeadersMap();
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public boolean isNotification() {
        return notification;
    }

    @Override
    public boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onCancel(Runnable task) {
        lock.lock();
        try {
            if (cancelled) {
                later(task);
            } else {
                onCancel.add(task);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return (notification ? "notification of " : "call of ") + address();
    }
}
