package dev.culvert.api;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Gathers what a node is told at its start. Belongs to one thread; may be used again. Values are checked when they are given. */
public final class NodeBuilder {
    private NodeOptions options = NodeOptions.DEFAULT;

    NodeBuilder() {}

    /** The node's name. Default: made from the host's name and the node's key. */
    public NodeBuilder name(String name) {
        options = options.withName(name);
        return this;
    }

    /**
     * The environment in which names are offered and dialled. Default: the one that the join string names, and {@code default} for a node that
     * has none.
     */
    public NodeBuilder namespace(String namespace) {
        options = options.withNamespace(namespace);
        return this;
    }

    /** One more join string: links are kept to all its relays. */
    public NodeBuilder join(String joinString) {
        options = options.withJoin(joinString);
        return this;
    }

    /** Where the node's key is kept, so that it is the same node after a restart. Default: nowhere. */
    public NodeBuilder stateDirectory(Path directory) {
        options = options.withStateDirectory(directory);
        return this;
    }

    /** How links ping, and when they are tried again. Default: {@link LinkTerms#DEFAULT}. */
    public NodeBuilder links(LinkTerms terms) {
        options = options.withLinks(terms);
        return this;
    }

    /** The interval of pings; zero: none. Default: 10 s. */
    public NodeBuilder keepAlive(Duration interval) {
        LinkTerms now = options.links();
        return links(new LinkTerms(interval, now.retryMin(), now.retryMax(), now.retries()));
    }

    /** When a link that failed is tried again: see {@link LinkTerms}. Default: 0 to 15 s, for ever. */
    public NodeBuilder retry(Duration min, Duration max, int retries) {
        return links(new LinkTerms(options.links().keepAlive(), min, max, retries));
    }

    /** How long {@link Node#close()} waits for streams that are open. Default: not at all. */
    public NodeBuilder closeTimeout(Duration timeout) {
        options = options.withCloseTimeout(timeout);
        return this;
    }

    /** Who is told of the node's life. Default: nobody. */
    public NodeBuilder hooks(NodeHooks hooks) {
        options = options.withHooks(hooks);
        return this;
    }

    /** What was gathered. */
    public NodeOptions options() {
        return options;
    }

    /** Starts the node; its links come up in the background. As {@link Node#start(NodeOptions)}. */
    public Node start() throws IOException {
        return Node.start(options);
    }
}
