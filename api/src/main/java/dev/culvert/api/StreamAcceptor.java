package dev.culvert.api;

/** Serves the callers of one service: one call per stream, each on a thread of its own. */
@FunctionalInterface
public interface StreamAcceptor {
    /**
     * Serves one caller. The stream is closed after the return. What is thrown resets this stream and touches no other.
     */
    void accept(Stream stream) throws Exception;
}
