package dev.culvert.api;

import java.io.Closeable;
import java.time.Duration;

/**
 * What an embedder is told of a node's life. Each link and each session has a line of its own: its hooks run in the order of what
 * happened, one after the other, on threads that may block; a hook that is slow or throws delays the hooks of its own line and nothing else.
 * Lines run at the same time. What a hook throws goes to {@link #onHookFailed}.
 */
public interface NodeHooks extends ErrorHook {
    /** Hears nothing. */
    NodeHooks NONE = new NodeHooks() {};

    /**
     * A connection to a relay is about to be made, for the first time or again.
     *
     * @param relay where the link leads, as the join string has it
     * @param link closing it, now or later, ends the link for good
     */
    default void onConnect(String relay, Closeable link) {}

    /** A link is up; {@code node} is the relay's name. */
    default void onLinkUp(String relay, String node) {}

    /** A link that was up is not any more. {@link #onLinkRetry} or {@link #onLinkEnded} follows, unless the node itself closed it. */
    default void onLinkDown(String relay, ErrorCode code, String reason) {}

    /** An attempt failed or a link was lost; the next attempt follows after {@code delay}. */
    default void onLinkRetry(String relay, ErrorCode code, String reason, Duration delay) {}

    /** The relay refused for good, or no retries are left: this link will not come up again. */
    default void onLinkEnded(String relay, ErrorCode code, String reason) {}

    /** A session is up, in either direction. An application keeps it to open streams on it later, or closes it. */
    default void onSessionOpen(Session session) {}

    /** A session is over; after {@link #onSessionOpen}, once. */
    default void onSessionClose(Session session, ErrorCode code, String reason) {}

    /** The handler of a service threw; see {@link ErrorHook}. */
    @Override
    default void onHandlerFailed(Stream stream, Throwable cause) {}

    /**
     * A hook threw; the node goes on. On the hook's thread; what this throws is logged.
     *
     * @param where which hook, for a person
     */
    default void onHookFailed(String where, Throwable cause) {}
}
