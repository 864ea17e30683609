package dev.culvert.node;

import dev.culvert.api.CallRequest;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import java.io.Closeable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener whose bugs are logged and harm nothing else: what the node does must not depend on who looks on. Any thread. */
final class GuardedListener implements NodeListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final NodeListener listener;

    GuardedListener(NodeListener listener) {
        this.listener = listener;
    }

    @Override
    public void onConnecting(String relay, Closeable link) {
        guard(() -> listener.onConnecting(relay, link));
    }

    @Override
    public void onStep(String relay, String step, String detail, long nanos) {
        guard(() -> listener.onStep(relay, step, detail, nanos));
    }

    @Override
    public void onLinkUp(String relay, LinkUp up) {
        guard(() -> listener.onLinkUp(relay, up));
    }

    @Override
    public void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {
        guard(() -> listener.onLinkRetry(relay, code, reason, delayNanos));
    }

    @Override
    public void onLinkRefused(String relay, ErrorCode code, String reason) {
        guard(() -> listener.onLinkRefused(relay, code, reason));
    }

    @Override
    public void onServiceRegistered(String relay, String service, int publicPort) {
        guard(() -> listener.onServiceRegistered(relay, service, publicPort));
    }

    @Override
    public void onServiceRefused(String relay, String service, ErrorCode code, String text) {
        guard(() -> listener.onServiceRefused(relay, service, code, text));
    }

    @Override
    public void onServiceWithdrawn(String relay, String service, ErrorCode code, String text) {
        guard(() -> listener.onServiceWithdrawn(relay, service, code, text));
    }

    @Override
    public void onServiceReached(String relay, String service, long nanos) {
        guard(() -> listener.onServiceReached(relay, service, nanos));
    }

    @Override
    public void onServiceNotReached(String relay, String service, ErrorCode code, String text) {
        guard(() -> listener.onServiceNotReached(relay, service, code, text));
    }

    @Override
    public void onReady() {
        guard(() -> listener.onReady());
    }

    @Override
    public void onPeerUp(String node, String principal, String remoteAddress) {
        guard(() -> listener.onPeerUp(node, principal, remoteAddress));
    }

    @Override
    public void onPeerDown(String node, ErrorCode code, String reason) {
        guard(() -> listener.onPeerDown(node, code, reason));
    }

    @Override
    public void onSessionOpen(Session session) {
        guard(() -> listener.onSessionOpen(session));
    }

    @Override
    public void onSessionClose(Session session, ErrorCode code, String reason) {
        guard(() -> listener.onSessionClose(session, code, reason));
    }

    @Override
    public void onHandlerFailed(Stream stream, Throwable cause) {
        guard(() -> listener.onHandlerFailed(stream, cause));
    }

    @Override
    public void onCallFailed(CallRequest request, Throwable cause) {
        guard(() -> listener.onCallFailed(request, cause));
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A listener of the node failed", e);
        }
    }
}
