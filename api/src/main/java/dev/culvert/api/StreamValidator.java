package dev.culvert.api;

/**
 * Decides on each stream that comes to this node, whether it serves it or passes it on, after scopes were checked. Not asked for this
 * node's own dials. On a thread that may block, at once for several.
 */
@FunctionalInterface
public interface StreamValidator {
    /** Every stream that scopes permit. */
    StreamValidator ANY = request -> Verdict.ACCEPT;

    /** Decides; the stream waits. What it throws refuses with INTERNAL. */
    Verdict validate(StreamRequest request) throws Exception;
}
