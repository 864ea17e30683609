package dev.culvert.node;

import dev.culvert.api.AddressRange;
import dev.culvert.api.LinkTerms;
import dev.culvert.api.Node;
import dev.culvert.api.NodeEngine;
import dev.culvert.api.NodeOptions;
import dev.culvert.api.RelayResolver;
import dev.culvert.api.RelayTerms;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.Loops;
import dev.culvert.link.transport.Trust;
import dev.culvert.mux.MuxOptions;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.JoinString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes nodes for embedders who know the api only; found by {@link java.util.ServiceLoader}. Any thread. */
public final class CulvertEngine implements NodeEngine {
    /** The file of a node's key in its state directory. */
    public static final String KEY_FILE = "node.key";

    private static final Logger LOG = LoggerFactory.getLogger(CulvertEngine.class);
    private static final int MAX_HOST_PART = 48;
    private static final Pattern ILLEGAL = Pattern.compile("[^a-z0-9]+");

    @Override
    public Node start(NodeOptions options) throws IOException {
        IdentityKey key = options.stateDirectory() == null
                ? IdentityKey.generate()
                : IdentityKey.loadOrCreate(options.stateDirectory().resolve(KEY_FILE));
        NodeConfig config = config(options, key);
        String name = config.identity().name();
        Loops loops = Loops.start("culvert-" + name, 0);
        Hooks hooks = new Hooks(name, options.hooks(), loops);
        Deque<AutoCloseable> own = new ConcurrentLinkedDeque<>(List.of(hooks, loops));
        try {
            return start(options, config, hooks, Surroundings.of(loops), own);
        } catch (IOException | RuntimeException e) {
            end(own);
            throw e;
        }
    }

    /**
     * Starts a node that is told more than options can say, on loops that the caller closes, with a key of the caller's. Where it listens and
     * its state directory are not taken from the options.
     */
    public static Node start(NodeOptions options, IdentityKey key, Loops loops, UnaryOperator<NodeConfig> change)
            throws IOException {
        NodeConfig config = change.apply(config(options, key));
        Hooks hooks = new Hooks(config.identity().name(), options.hooks(), loops);
        try {
            return dialling(options, CulvertNode.start(config, hooks, Surroundings.of(loops), hooks::close));
        } catch (IOException | RuntimeException e) {
            hooks.close();
            throw e;
        }
    }

    private static Node start(
            NodeOptions options, NodeConfig config, Hooks hooks, Surroundings surroundings, Deque<AutoCloseable> own)
            throws IOException {
        if (options.listen().endpoints().isEmpty()) {
            if (!options.direct().addresses().isEmpty()) {
                throw new IllegalArgumentException(
                        "direct addresses " + options.direct().addresses()
                                + " of a node that does not listen (expected: NodeBuilder.listen too)");
            }
            return dialling(options, CulvertNode.start(config, hooks, surroundings, () -> end(own)));
        }
        EmbeddedRelay relay = EmbeddedRelay.open(options, config.identity().key(), surroundings);
        own.addFirst(relay);
        ListenConfig listening =
                relay.config().withDirect(new DirectTerms(options.direct().addresses(), DirectTerms.TICKET_MILLIS));
        CulvertNode node = CulvertNode.start(config.withListen(listening), hooks, surroundings, () -> end(own));
        node.inviter(relay);
        relay.guard(node);
        return dialling(options, node);
    }

    /** What concerns dials alone. */
    private static CulvertNode dialling(NodeOptions options, CulvertNode node) throws IOException {
        node.startedWith(options);
        if (!options.direct().ranges().isEmpty()) {
            node.dialDirectly(DirectPolicy.of(options.direct().ranges()), DirectTerms.SHORTEST_MILLIS);
        }
        RelayResolver resolver = options.onDemand().resolver();
        if (resolver != null) {
            Trust trust = OwnTls.of(options.tls()).trust();
            RelayFinder finder = address -> resolver.resolve(address)
                    .map(terms -> trusting(trust, onDemand(terms)).withTiming(timing(options.links())));
            node.resolve(finder, options.onDemand().idle().toMillis());
        }
        return node;
    }

    private static LinkConfig onDemand(RelayTerms terms) {
        if (!terms.join().isEmpty()) {
            return LinkConfig.of(dialled(terms.join()));
        }
        byte[] key;
        try {
            key = Base64.getUrlDecoder().decode(terms.key());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("relay key '" + terms.key() + "' (expected: base64url)", e);
        }
        return LinkConfig.of(new RelayTarget(Endpoint.parse(terms.address()), key));
    }

    /** Ends what belongs to one node alone, each once. */
    private static void end(Deque<AutoCloseable> own) {
        for (AutoCloseable one = own.poll(); one != null; one = own.poll()) {
            try {
                one.close();
            } catch (Exception e) {
                LOG.warn("{} did not end well", one, e);
            }
        }
    }

    private static NodeConfig config(NodeOptions options, IdentityKey key) throws IOException {
        options.direct().ranges().forEach(AddressRange::parse);
        Trust trust = OwnTls.of(options.tls()).trust();
        String name = options.name().isEmpty() ? nameOf(hostName(), key) : options.name();
        NodeConfig config = NodeConfig.of(new NodeIdentity(key, name, options.namespace(), options.identity()))
                .withValidators(options.validators())
                .withLimits(NodeLimits.DEFAULT.withTimes(
                        NodeTimes.DEFAULT.withCloseMillis(options.closeTimeout().toMillis())))
                .withMux(MuxOptions.DEFAULT.withKeepAliveNanos(
                        options.links().keepAlive().toNanos()));
        for (String join : options.joins()) {
            config = config.withLink(standing(options, trusting(trust, LinkConfig.of(dialled(join)))));
        }
        return config;
    }

    private static LinkConfig trusting(Trust trust, LinkConfig link) {
        return link.withConnect(link.connect().withTrust(trust));
    }

    private static LinkConfig standing(NodeOptions options, LinkConfig link) {
        return link.withTiming(timing(options.links()))
                .withRetry(GuardedRetry.of(options.retryPolicy(), options.hooks()));
    }

    private static JoinString dialled(String text) {
        JoinString join = JoinString.parse(text);
        if (EmbeddedRelay.isPortless(join)) {
            throw new IllegalArgumentException(
                    "join string of a node that has no port (expected: one with an address); "
                            + "link to it with Node.attach(bytes, AttachOptions.joining(...))");
        }
        return join;
    }

    private static LinkTiming timing(LinkTerms terms) {
        return LinkTiming.DEFAULT.withRetries(
                terms.retryMin().toMillis(), terms.retryMax().toMillis(), terms.retries());
    }

    /**
     * A node name for a host: the first part of its name and a part of the key, since
     * several nodes with keys of their own may run on one host.
     */
    static String nameOf(String host, IdentityKey key) {
        String first = host.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
        String legal = trim(ILLEGAL.matcher(first).replaceAll("-"));
        String cut = trim(legal.substring(0, Math.min(MAX_HOST_PART, legal.length())));
        String tail = HexFormat.of().formatHex(key.publicKey(), 0, 4);
        return (cut.isEmpty() ? "node" : cut) + "-" + tail;
    }

    private static String trim(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && name.charAt(start) == '-') {
            start++;
        }
        while (end > start && name.charAt(end - 1) == '-') {
            end--;
        }
        return name.substring(start, end);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }
}
