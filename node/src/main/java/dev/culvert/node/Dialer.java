package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes calls on behalf of this node and of peers. Any thread. */
final class Dialer {
    private final String node;
    private final NodeLimits limits;
    private final Router router;
    private final Upstream upstream;
    private final Loopback loopback;
    private final Map<EventLoop, Deadlines<Dial>> deadlines = new ConcurrentHashMap<>();

    Dialer(String node, NodeLimits limits, Router router, Upstream upstream, Loopback loopback) {
        this.node = node;
        this.limits = limits;
        this.router = router;
        this.upstream = upstream;
        this.loopback = loopback;
    }

    /** A dial that waits for {@link Dial#start()} on the request's home loop, where the result comes too. */
    Dial prepare(Dial.Request request, Dial.Result result) {
        return new Dial(this, request, result);
    }

    /** The line of dials whose home is {@code loop}; to be used there. */
    Deadlines<Dial> deadlines(EventLoop loop) {
        Deadlines<Dial> present = deadlines.get(loop);
        return present != null
                ? present
                : deadlines.computeIfAbsent(loop, key -> new Deadlines<>(loop, 0, Dial::onDeadline));
    }

    String node() {
        return node;
    }

    NodeLimits limits() {
        return limits;
    }

    Router router() {
        return router;
    }

    /** The session of this node with itself. */
    Peer loopback() {
        return loopback.peer();
    }

    /** Whether this node is closed. */
    boolean isClosed() {
        return upstream.isEnded();
    }

    Refused closed() {
        return refused(ErrorCode.DRAINING, "this node is closed (expected: one that runs)");
    }

    /** Whether there are relays that may come up. */
    boolean expectsUpstream() {
        return upstream.isExpected();
    }

    /** Runs {@code task} at the next change of links, on any thread; the result takes the wish back. */
    Runnable awaitUpstream(Runnable task) {
        return upstream.onNextUp(task);
    }

    Refused refused(ErrorCode code, String text) {
        return Refused.here(node, code, text);
    }
}
