package dev.culvert.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded node is told at its start. <em>Immutable.</em> {@link Node#builder()} makes one step by step.
 *
 * @param name the node's name; empty: made from the host's name
 * @param namespace in which names are offered and dialled; empty: the one that the join string names
 * @param joins join strings; links are kept to the relays of each; secret
 * @param stateDirectory where the node's key is kept; null: the key lives as long as the process
 * @param links how they ping, and when they are tried again
 * @param closeTimeout how long {@link Node#close()} waits for streams that are open; zero: not at all
 * @param hooks who is told of the node's life
 */
public record NodeOptions(
        String name,
        String namespace,
        List<String> joins,
        @Nullable Path stateDirectory,
        LinkTerms links,
        Duration closeTimeout,
        NodeHooks hooks) {
    public static final NodeOptions DEFAULT =
            new NodeOptions("", "", List.of(), null, LinkTerms.DEFAULT, Duration.ZERO, NodeHooks.NONE);

    /** How long {@link Node#join(String)} waits for the first link. */
    public static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

    public NodeOptions {
        check("node name", name);
        check("namespace", namespace);
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException("closeTimeout: " + closeTimeout + " (expected: zero or more)");
        }
        joins = List.copyOf(joins);
    }

    private static void check(String what, String value) {
        if (!value.isEmpty() && !Address.isNodeName(value)) {
            throw new IllegalArgumentException(
                    what + " '" + value + "' (expected: a-z, 0-9 and inner hyphens, at most 63)");
        }
    }

    public NodeOptions withName(String newName) {
        return new NodeOptions(newName, namespace, joins, stateDirectory, links, closeTimeout, hooks);
    }

    public NodeOptions withNamespace(String newNamespace) {
        return new NodeOptions(name, newNamespace, joins, stateDirectory, links, closeTimeout, hooks);
    }

    /** One more join string. */
    public NodeOptions withJoin(String join) {
        List<String> more = new ArrayList<>(joins);
        more.add(join);
        return new NodeOptions(name, namespace, more, stateDirectory, links, closeTimeout, hooks);
    }

    public NodeOptions withStateDirectory(Path newStateDirectory) {
        return new NodeOptions(name, namespace, joins, newStateDirectory, links, closeTimeout, hooks);
    }

    public NodeOptions withLinks(LinkTerms newLinks) {
        return new NodeOptions(name, namespace, joins, stateDirectory, newLinks, closeTimeout, hooks);
    }

    public NodeOptions withCloseTimeout(Duration newCloseTimeout) {
        return new NodeOptions(name, namespace, joins, stateDirectory, links, newCloseTimeout, hooks);
    }

    public NodeOptions withHooks(NodeHooks newHooks) {
        return new NodeOptions(name, namespace, joins, stateDirectory, links, closeTimeout, newHooks);
    }

    @Override
    public String toString() {
        return "NodeOptions[name=" + name + ", namespace=" + namespace + ", joins=" + joins.size()
                + " (secret), stateDirectory=" + stateDirectory + ", links=" + links + ", closeTimeout=" + closeTimeout
                + "]";
    }
}
