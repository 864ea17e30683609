package dev.culvert.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded node is told at its start. <em>Immutable.</em>
 *
 * @param name the node's name; empty: made from the host's name
 * @param joins join strings; links are kept to the relays of each; secret
 * @param stateDirectory where the node's key is kept; null: the key lives as long as the process
 */
public record NodeOptions(
        String name, List<String> joins, @Nullable Path stateDirectory) {
    public static final NodeOptions DEFAULT = new NodeOptions("", List.of(), null);

    /** How long {@link Node#join(String)} waits for the first link. */
    public static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

    public NodeOptions {
        if (!name.isEmpty() && !Address.isNodeName(name)) {
            throw new IllegalArgumentException(
                    "node name '" + name + "' (expected: a-z, 0-9 and inner hyphens, at most 63)");
        }
        joins = List.copyOf(joins);
    }

    public NodeOptions withName(String newName) {
        return new NodeOptions(newName, joins, stateDirectory);
    }

    /** One more join string. */
    public NodeOptions withJoin(String join) {
        List<String> more = new ArrayList<>(joins);
        more.add(join);
        return new NodeOptions(name, more, stateDirectory);
    }

    public NodeOptions withStateDirectory(Path newStateDirectory) {
        return new NodeOptions(name, joins, newStateDirectory);
    }

    @Override
    public String toString() {
        return "NodeOptions[name=" + name + ", joins=" + joins.size() + " (secret), stateDirectory=" + stateDirectory
                + "]";
    }
}
