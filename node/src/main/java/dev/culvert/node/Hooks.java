package dev.culvert.node;

import dev.culvert.api.CallRequest;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.link.transport.Loops;
import java.io.Closeable;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells an embedder's hooks of a node's life, off the event loops on which it happens. Any thread. */
final class Hooks implements NodeListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);
    private static final long RETRY_MILLIS = 100;

    private final NodeHooks hooks;
    private final Loops loops;
    private final ExecutorService threads;
    private final Map<String, HookLine> links = new ConcurrentHashMap<>();
    private final Map<Session, HookLine> sessions = new ConcurrentHashMap<>();
    private final Set<String> up = ConcurrentHashMap.newKeySet();

    Hooks(String node, NodeHooks hooks, Loops loops) {
        this.hooks = hooks;
        this.loops = loops;
        this.threads = Threads.handlers("culvert-hook-" + node);
    }

    private void tell(String relay, Consumer<NodeHooks> hook) {
        links.computeIfAbsent(relay, of -> line("hook of link " + of)).add(() -> hook.accept(hooks));
    }

    private HookLine line(String where) {
        return new HookLine(threads, this::later, failure -> onHookFailed(where, failure));
    }

    private void later(Runnable task) {
        try {
            if (!threads.isShutdown()) {
                loops.next().schedule(task, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("The node is closed: its last hooks are not run");
        }
    }

    private void onHookFailed(String where, Throwable failure) {
        LOG.warn("{} failed: {}", where, failure.toString());
        try {
            hooks.onHookFailed(where, failure);
        } catch (RuntimeException e) {
            LOG.warn("The hook for failures of hooks failed", e);
        }
    }

    @Override
    public void onConnecting(String relay, Closeable link) {
        tell(relay, hook -> hook.onConnect(relay, link));
    }

    @Override
    public void onLinkUp(String relay, LinkUp link) {
        up.add(relay);
        tell(relay, hook -> hook.onLinkUp(relay, link.node()));
    }

    @Override
    public void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {
        down(relay, code, reason);
        Duration delay = Duration.ofNanos(delayNanos);
        tell(relay, hook -> hook.onLinkRetry(relay, code, reason, delay));
    }

    @Override
    public void onLinkRefused(String relay, ErrorCode code, String reason) {
        down(relay, code, reason);
        tell(relay, hook -> hook.onLinkEnded(relay, code, reason));
    }

    private void down(String relay, ErrorCode code, String reason) {
        if (up.remove(relay)) {
            tell(relay, hook -> hook.onLinkDown(relay, code, reason));
        }
    }

    @Override
    public void onSessionOpen(Session session) {
        HookLine line = line("hook of session " + session.id());
        sessions.put(session, line);
        line.add(() -> hooks.onSessionOpen(session));
    }

    @Override
    public void onSessionClose(Session session, ErrorCode code, String reason) {
        HookLine line = sessions.remove(session);
        if (line != null) {
            line.add(() -> hooks.onSessionClose(session, code, reason));
        }
    }

    @Override
    public void onCallFailed(CallRequest request, Throwable cause) {
        hooks.onCallFailed(request, cause);
    }

    @Override
    public void onHandlerFailed(Stream stream, Throwable cause) {
        hooks.onHandlerFailed(stream, cause);
    }

    /** Hooks that were added still run. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
