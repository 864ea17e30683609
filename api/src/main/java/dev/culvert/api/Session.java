package dev.culvert.api;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One authenticated connection to another node: what a link carries between two reconnects. Any thread; calls block as those of {@link Node}
 * do. What is opened here leaves on exactly this session, and means what the node at its other end makes of the name: its own services first,
 * then those registered at it.
 */
public interface Session {
    /** The same at both ends, unique over time. */
    String id();

    /** The name of the node at the other end. */
    String node();

    /** Who the other end was proved to be. */
    String principal();

    /** What the other end calls itself: {@link NodeBuilder#identity}. Not proved, but where a {@link SessionValidator} checked it. Empty: nothing. */
    String identity();

    /** Of the names on it. */
    String namespace();

    /** The other end's address as the transport prints it. */
    String remoteAddress();

    /** Whether this node dialled it. */
    boolean isDialled();

    /** Whether streams can be opened on it now. */
    boolean isUp();

    /** What the other end has registered at this node, sorted; empty on a session that this node dialled. */
    List<String> services();

    /** Opens a stream to a service by its literal name; dots have no meaning. */
    default Stream open(String service) throws IOException {
        return open(service, DialOptions.DEFAULT);
    }

    /**
     * As {@link #open(String)}, with options.
     *
     * @throws DialException with the reason; NO_ROUTE once the session is over
     */
    Stream open(String service, DialOptions options) throws IOException;

    /** Calls a service by its literal name, as {@link Node#call(Address, byte[], CallOptions)}. */
    byte[] call(String service, byte[] request, CallOptions options) throws IOException;

    /** As {@link #call}, without a thread that waits; see {@link Node#callAsync}. */
    CompletableFuture<byte[]> callAsync(String service, byte[] request, CallOptions options);

    /** Notifies a service by its literal name, as {@link Node#notify(Address, byte[], CallOptions)}. */
    void notify(String service, byte[] message, CallOptions options) throws IOException;

    /**
     * Ends the session and tells the other end why. Its streams end with LINK_LOST. With a code for which {@linkplain
     * ErrorCode#retryHelps() a retry helps} the node that dialled links again; with another it stays away. Idempotent, does not block.
     */
    void close(ErrorCode code, String reason);

    /** As {@link #close(ErrorCode, String)}; the node that dialled links again. */
    default void close(String reason) {
        close(ErrorCode.DRAINING, reason);
    }
}
