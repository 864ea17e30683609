package dev.culvert.api;

import java.io.IOException;

/** Makes nodes. Found by {@link java.util.ServiceLoader}; any thread. */
public interface NodeEngine {
    /**
     * Starts a node; its links come up in the background.
     *
     * @throws IOException if the identity key cannot be read or made
     * @throws IllegalArgumentException for an option that makes no sense; one line with the value and the expectation
     */
    Node start(NodeOptions options) throws IOException;
}
