package dev.culvert.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an embedded node is told at its start. <em>Immutable.</em> {@link Node#builder()} makes one step by step, and says what each means. */
public final class NodeOptions {
    /** How long {@link Node#join(String)} waits for the first link. */
    public static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

    public static final NodeOptions DEFAULT = new NodeBuilder().options();

    private final String name;
    private final String namespace;
    private final List<String> joins;
    private final @Nullable Path stateDirectory;
    private final Identity identity;
    private final ListenOptions listen;
    private final Validators validators;
    private final LinkTerms links;
    private final RetryPolicy retryPolicy;
    private final LinkTls tls;
    private final Duration closeTimeout;
    private final NodeHooks hooks;
    private final LinksOnDemand onDemand;
    private final DirectLinks direct;

    NodeOptions(NodeBuilder from) {
        this.name = from.name;
        this.namespace = from.namespace;
        this.joins = List.copyOf(from.joins);
        this.stateDirectory = from.stateDirectory;
        this.identity = from.identity;
        this.listen = from.listen;
        this.validators = from.validators;
        this.links = from.links;
        this.retryPolicy = from.retryPolicy;
        this.tls = from.tls;
        this.closeTimeout = from.closeTimeout;
        this.hooks = from.hooks;
        this.onDemand = from.onDemand;
        this.direct = from.direct;
    }

    /** The node's name; empty: made from the host's name. */
    public String name() {
        return name;
    }

    /** In which names are offered and dialled; empty: the one that the join string names. */
    public String namespace() {
        return namespace;
    }

    /** Join strings; links are kept to the relays of each; secret. */
    public List<String> joins() {
        return joins;
    }

    /** Where the node's key is kept, and a relay's invitations; null: they live as long as the process. */
    public @Nullable Path stateDirectory() {
        return stateDirectory;
    }

    /** What it calls itself towards the validators of those that it links to. */
    public Identity identity() {
        return identity;
    }

    /** Where it takes links. */
    public ListenOptions listen() {
        return listen;
    }

    /** What decides on sessions and streams that come in. */
    public Validators validators() {
        return validators;
    }

    /** How links ping, and when they are tried again. */
    public LinkTerms links() {
        return links;
    }

    /** Decides on each retry of a link. */
    public RetryPolicy retryPolicy() {
        return retryPolicy;
    }

    /** Whose certificates the TLS of links uses. */
    public LinkTls tls() {
        return tls;
    }

    /** How long {@link Node#close()} waits for streams that are open; zero: not at all. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** Who is told of the node's life. */
    public NodeHooks hooks() {
        return hooks;
    }

    /** Links that are made because somebody dials. */
    public LinksOnDemand onDemand() {
        return onDemand;
    }

    /** Links that need no relay. */
    public DirectLinks direct() {
        return direct;
    }

    /** A builder that begins with what is said here. */
    public NodeBuilder toBuilder() {
        return new NodeBuilder(this);
    }

    /**
     * A builder for another node beside the one that these made: the same join strings and settings, but a name of its own, and a key of its own,
     * which lives as long as the process unless a {@link NodeBuilder#stateDirectory} is given. It listens nowhere.
     *
     * @param newName not that of the first
     */
    public NodeBuilder sibling(String newName) {
        return new NodeBuilder(this).fresh(newName);
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

    /** Without secrets. */
    @Override
    public String toString() {
        return "NodeOptions[name=" + name + ", namespace=" + namespace + ", joins=" + joins.size()
                + " (secret), stateDirectory=" + stateDirectory + ", identity=" + identity + ", listen=" + listen
                + ", links=" + links + ", closeTimeout=" + closeTimeout + "]";
    }
}
