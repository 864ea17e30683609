package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.ErrorHook;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import java.io.Closeable;

/** The life of a node, as an operator wants to see it. On event loops, also at once from several; must not block. */
public interface NodeListener extends ErrorHook {
    NodeListener NONE = new NodeListener() {};

    /** A connection to a relay is about to be made; closing {@code link}, now or later, ends the link for good. */
    default void onConnecting(String relay, Closeable link) {}

    /**
     * A step of connecting to a relay succeeded.
     *
     * @param relay where the link leads, as configured
     * @param step {@code resolve}, {@code tcp}, {@code tls pin}, {@code auth}
     */
    default void onStep(String relay, String step, String detail, long nanos) {}

    /** A link is up. */
    default void onLinkUp(String relay, LinkUp up) {}

    /** A session ended or an attempt failed, for a reason that passes; the next attempt follows after the delay. */
    default void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {}

    /** The relay refused for good; the link is over. */
    default void onLinkRefused(String relay, ErrorCode code, String reason) {}

    /** A relay took a service; {@code publicPort} 0: none. */
    default void onServiceRegistered(String relay, String service, int publicPort) {}

    /** A relay did not take a service. */
    default void onServiceRefused(String relay, String service, ErrorCode code, String text) {}

    /** A relay ended a registration. */
    default void onServiceWithdrawn(String relay, String service, ErrorCode code, String text) {}

    /** A stream came to a service by the whole way through a relay, its target included, after so long. */
    default void onServiceReached(String relay, String service, long nanos) {}

    /** A relay has the service and does not reach it; it is tried again. */
    default void onServiceNotReached(String relay, String service, ErrorCode code, String text) {}

    /**
     * Each service of this node was reached through one relay at least; for a node without services: a link is up. Again after each loss.
     */
    default void onReady() {}

    /** At a relay: a node linked in. */
    default void onPeerUp(String node, String principal, String remoteAddress) {}

    /** At a relay: a node's session ended. */
    default void onPeerDown(String node, ErrorCode code, String reason) {}

    /** A session is up, in either direction. */
    default void onSessionOpen(Session session) {}

    /** A session is over; after {@link #onSessionOpen}, once. */
    default void onSessionClose(Session session, ErrorCode code, String reason) {}

    /** As the hook says; this one on the handler's thread, which may block. */
    @Override
    default void onHandlerFailed(Stream stream, Throwable cause) {}

    /**
     * What the relay said in its Welcome.
     *
     * @param node the relay's node name
     * @param namespace that our names are in
     * @param principal who the relay takes us to be
     */
    record LinkUp(String node, String namespace, String principal) {}
}
