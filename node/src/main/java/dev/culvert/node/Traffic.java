package dev.culvert.node;

import java.util.concurrent.atomic.LongAdder;

/** What this node has carried since its start. Any thread. */
final class Traffic {
    private final LongAdder opened = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();

    /** A stream is open; {@link #end()} follows once. */
    void open() {
        opened.increment();
    }

    void end() {
        ended.increment();
    }

    void refuse() {
        refused.increment();
    }

    /** Bytes from a caller to a service. */
    void in(int bytes) {
        in.add(bytes);
    }

    /** Bytes from a service to a caller. */
    void out(int bytes) {
        out.add(bytes);
    }

    /** Streams that are open now. */
    long openNow() {
        long endedBefore = ended.sum();
        return Math.max(0, opened.sum() - endedBefore);
    }

    NodeStatus.Traffic snapshot() {
        return new NodeStatus.Traffic(openNow(), opened.sum(), refused.sum(), in.sum(), out.sum());
    }
}
