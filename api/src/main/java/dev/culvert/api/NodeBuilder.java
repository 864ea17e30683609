package dev.culvert.api;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what a node is told at its start. Belongs to one thread; may be used again. Values are checked when they are given. */
public final class NodeBuilder {
    String name = "";
    String namespace = "";
    final List<String> joins = new ArrayList<>();

    @Nullable
    Path stateDirectory;

    Identity identity = Identity.NONE;
    ListenOptions listen = ListenOptions.NOWHERE;
    Validators validators = Validators.NONE;
    LinkTerms links = LinkTerms.DEFAULT;
    RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
    LinkTls tls = LinkTls.SELF_ISSUED;
    Duration closeTimeout = Duration.ZERO;
    NodeHooks hooks = NodeHooks.NONE;
    LinksOnDemand onDemand = LinksOnDemand.NONE;
    DirectLinks direct = DirectLinks.NONE;

    NodeBuilder() {}

    NodeBuilder(NodeOptions from) {
        this.name = from.name();
        this.namespace = from.namespace();
        this.joins.addAll(from.joins());
        this.stateDirectory = from.stateDirectory();
        this.identity = from.identity();
        this.listen = from.listen();
        this.validators = from.validators();
        this.links = from.links();
        this.retryPolicy = from.retryPolicy();
        this.tls = from.tls();
        this.closeTimeout = from.closeTimeout();
        this.hooks = from.hooks();
        this.onDemand = from.onDemand();
        this.direct = from.direct();
    }

    /** The node's name. Default: made from the host's name and the node's key. */
    public NodeBuilder name(String newName) {
        check("node name", newName);
        name = newName;
        return this;
    }

    NodeBuilder fresh(String newName) {
        stateDirectory = null;
        listen = ListenOptions.NOWHERE;
        return name(newName);
    }

    /**
     * The environment in which names are offered and dialled. Default: the one that the join string names, and {@code default} for a node that
     * has none.
     */
    public NodeBuilder namespace(String newNamespace) {
        check("namespace", newNamespace);
        namespace = newNamespace;
        return this;
    }

    /** One more join string: links are kept to all its relays. */
    public NodeBuilder join(String joinString) {
        joins.add(joinString);
        return this;
    }

    /**
     * Where the node's key is kept, so that it is the same node after a restart, and the invitations of a node that listens. Default: nowhere.
     */
    public NodeBuilder stateDirectory(Path directory) {
        stateDirectory = directory;
        return this;
    }

    /**
     * What this node calls itself towards the {@link SessionValidator} and the {@link StreamValidator} of those that it links to, beside its key
     * that proves it. Default: nothing.
     *
     * @param token secret; nobody else sees it
     */
    public NodeBuilder identity(String id, byte[] token) {
        identity = new Identity(id, token);
        return this;
    }

    /** Takes links there, so that other nodes can join this one: see {@link ListenOptions}. May be said again. Default: nowhere. */
    public NodeBuilder listen(String endpoint) {
        listen = listen.withEndpoint(endpoint);
        return this;
    }

    /**
     * Where other machines reach this node, as {@code relay.example.com:7443}, for {@link Node#invite}; with {@code wss://} before it where only
     * HTTPS gets through, with {@code tcp://} for links in clear. May be said again, with the same transport.
     */
    public NodeBuilder publicAddress(String address) {
        listen = listen.withPublicAddress(address);
        return this;
    }

    /** Decides which nodes may link to this one. Default: who is invited. */
    public NodeBuilder validateSessions(SessionValidator validator) {
        validators = validators.withSessions(validator);
        return this;
    }

    /** Decides on each stream that comes to this node. Default: scopes decide alone. */
    public NodeBuilder validateStreams(StreamValidator validator) {
        validators = validators.withStreams(validator);
        return this;
    }

    /** How links ping, and when they are tried again. Default: {@link LinkTerms#DEFAULT}. */
    public NodeBuilder links(LinkTerms terms) {
        links = terms;
        return this;
    }

    /** The interval of pings; zero: none. Default: 10 s. */
    public NodeBuilder keepAlive(Duration interval) {
        return links(new LinkTerms(interval, links.retryMin(), links.retryMax(), links.retries()));
    }

    /** When a link that failed is tried again: see {@link LinkTerms}. Default: 0 to 15 s, for ever. */
    public NodeBuilder retry(Duration min, Duration max, int retries) {
        return links(new LinkTerms(links.keepAlive(), min, max, retries));
    }

    /**
     * Decides on each retry of a link. The count of {@link #retry} holds beside it. Default: {@link RetryPolicy#DEFAULT}.
     */
    public NodeBuilder retryPolicy(RetryPolicy policy) {
        retryPolicy = policy;
        return this;
    }

    /** Whose certificates the TLS of links uses. Default: {@link LinkTls#SELF_ISSUED}. */
    public NodeBuilder tls(LinkTls certificates) {
        tls = certificates;
        return this;
    }

    /** How long {@link Node#close()} waits for streams that are open. Default: not at all. */
    public NodeBuilder closeTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("closeTimeout: " + timeout + " (expected: zero or more)");
        }
        closeTimeout = timeout;
        return this;
    }

    /** Who is told of the node's life. Default: nobody. */
    public NodeBuilder hooks(NodeHooks newHooks) {
        hooks = newHooks;
        return this;
    }

    /**
     * Links when it dials: to the relay that {@code resolver} names for the machine, with one link for all that dial over it. Nothing is
     * offered over such a link. Default: dials take the relays that were {@linkplain #join joined}.
     */
    public NodeBuilder resolver(RelayResolver resolver) {
        onDemand = new LinksOnDemand(resolver, onDemand.idle());
        return this;
    }

    /** How long links are kept that were made for a dial and are not used: see {@link LinksOnDemand}. Default: a minute. */
    public NodeBuilder keepIdleLinks(Duration idle) {
        onDemand = new LinksOnDemand(onDemand.resolver(), idle);
        return this;
    }

    /**
     * Lets nodes that have dialled this one through a relay link to it without the relay, at {@code address}: numeric, of a port that this node
     * {@linkplain #listen listens} on. May be said again. Towards its relays such a node is a leaf, not a relay. Default: nobody.
     */
    public NodeBuilder directAddress(String address) {
        direct = direct.withAddress(address);
        return this;
    }

    /**
     * Dials go over a direct link to nodes that {@linkplain #directAddress take} them at an address in {@code range}, as {@code 10.0.0.0/8};
     * {@code 0.0.0.0/0} stands for all but loopback and link-local ones. May be said again. Default: all dials take relays.
     */
    public NodeBuilder dialDirectly(String range) {
        direct = direct.withRange(range);
        return this;
    }

    /** What was gathered. */
    public NodeOptions options() {
        return new NodeOptions(this);
    }

    /** Starts the node; its links come up in the background. As {@link Node#start(NodeOptions)}. */
    public Node start() throws IOException {
        return Node.start(options());
    }

    private static void check(String what, String value) {
        if (!value.isEmpty() && !Address.isNodeName(value)) {
            throw new IllegalArgumentException(
                    what + " '" + value + "' (expected: a-z, 0-9 and inner hyphens, at most 63)");
        }
    }
}
