package dev.culvert.api;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of dialling all nodes of a service: see {@link Node#dialAll}. <em>Immutable.</em> Each node is in one of the two.
 *
 * @param streams by the node that accepted, sorted; each is the caller's to close
 * @param failures by the node that was not reached or refused, sorted
 */
public record Dialled(Map<String, Stream> streams, Map<String, DialException> failures) {
    public Dialled {
        streams = Collections.unmodifiableMap(new TreeMap<>(streams));
        failures = Collections.unmodifiableMap(new TreeMap<>(failures));
    }

    /** Closes all streams. */
    public void close() throws IOException {
        for (Stream stream : streams.values()) {
            stream.close();
        }
    }
}
