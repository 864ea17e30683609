package dev.culvert.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded node is told at its start. <em>Immutable.</em> {@link Node#builder()} makes one step by step.
 *
 * @param name the node's name; empty: made from the host's name
 * @param namespace in which names are offered and dialled; empty: the one that the join string names
 * @param joins join strings; links are kept to the relays of each; secret
 * @param stateDirectory where the node's key is kept, and a relay's invitations; null: they live as long as the process
 * @param identity what it calls itself towards the validators of those that it links to
 * @param listen where it takes links
 * @param validators decide on sessions and streams that come in
 * @param links how they ping, and when they are tried again
 * @param closeTimeout how long {@link Node#close()} waits for streams that are open; zero: not at all
 * @param hooks who is told of the node's life
 */
public record NodeOptions(
        String name,
        String namespace,
        List<String> joins,
        @Nullable Path stateDirectory,
        Identity identity,
        ListenOptions listen,
        Validators validators,
        LinkTerms links,
        Duration closeTimeout,
        NodeHooks hooks) {
    public static final NodeOptions DEFAULT = new NodeOptions(
            "",
            "",
            List.of(),
            null,
            Identity.NONE,
            ListenOptions.NOWHERE,
            Validators.NONE,
            LinkTerms.DEFAULT,
            Duration.ZERO,
            NodeHooks.NONE);

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

    static void check(String what, String value) {
        if (!value.isEmpty() && !Address.isNodeName(value)) {
            throw new IllegalArgumentException(
                    what + " '" + value + "' (expected: a-z, 0-9 and inner hyphens, at most 63)");
        }
    }

    /** A builder that begins with what is said here. */
    public NodeBuilder toBuilder() {
        return new NodeBuilder(this);
    }

    public NodeOptions withName(String newName) {
        return toBuilder().name(newName).options();
    }

    /** One more join string. */
    public NodeOptions withJoin(String join) {
        return toBuilder().join(join).options();
    }

    public NodeOptions withStateDirectory(Path newStateDirectory) {
        return toBuilder().stateDirectory(newStateDirectory).options();
    }

    @Override
    public String toString() {
        return "NodeOptions[name=" + name + ", namespace=" + namespace + ", joins=" + joins.size()
                + " (secret), stateDirectory=" + stateDirectory + ", identity=" + identity + ", listen=" + listen
                + ", links=" + links + ", closeTimeout=" + closeTimeout + "]";
    }
}
