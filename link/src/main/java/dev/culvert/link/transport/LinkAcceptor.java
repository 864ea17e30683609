package dev.culvert.link.transport;

/** Takes connections that are ready to carry a link. */
@FunctionalInterface
public interface LinkAcceptor {
    /**
     * On the channel's event loop, before the first byte of the link is delivered: adds its handlers at the end of the pipeline, now.
     * If it throws, the connection is closed.
     */
    void onLink(IncomingLink link);
}
