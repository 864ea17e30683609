package dev.culvert.api;

/** Serves the callers of one service that speaks messages: one call per stream, each on a thread of its own. */
@FunctionalInterface
public interface MessageAcceptor {
    /**
     * Serves one caller. The stream is closed after the return. What is thrown resets this stream and touches no other.
     */
    void accept(Messages messages) throws Exception;
}
