package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.AcceptLimits;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.link.transport.Loops;
import dev.culvert.node.LinkConfig;
import dev.culvert.node.ListenConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import dev.culvert.node.NodeLimits;
import dev.culvert.node.NodeTimes;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.RelayCertificate;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Configurations of the nodes that take part: TLS, pinned keys, every Hello signed. <em>Immutable.</em> */
final class Nodes {
    static final String SERVICE = "bench";
    static final String BLOCKING_SERVICE = "bench-blocking";
    private static final String HOST = "127.0.0.1";
    private static final AcceptLimits ONE_MACHINE = new AcceptLimits(256, 20_000, 20_000, 10_000, 10_000, 256 * 1024);

    /** The usual limits with room for more sessions, each with the usual share of memory. */
    private static final NodeLimits TEN_THOUSAND_LINKS =
            new NodeLimits(1_000, 1_000_000, 16_384, 16_000, 8L << 30, NodeTimes.DEFAULT);

    private final PeerOptions options;
    private final Loops loops;

    Nodes(PeerOptions options, int threads) {
        this.options = options;
        this.loops = Loops.start("bench", threads);
    }

    Loops loops() {
        return loops;
    }

    /** A relay on a port of the system's choice. */
    NodeConfig relay() {
        IdentityKey key = relayKey();
        LinkPortOptions port = LinkPortOptions.DEFAULT
                .withCertificate(RelayCertificate.issue(key, List.of("localhost")))
                .withLimits(ONE_MACHINE);
        ListenConfig listen =
                new ListenConfig(List.of(new Endpoint.Tls(HOST, options.number("port", 0))), port, Nodes::accept, HOST);
        return NodeConfig.of(new NodeIdentity(key, "relay", NodeIdentity.DEFAULT_NAMESPACE))
                .withListen(listen)
                .withLimits(TEN_THOUSAND_LINKS);
    }

    /** A node that links to the relay with a key of its own. */
    NodeConfig leaf(String name) {
        RelayTarget relay = new RelayTarget(
                new Endpoint.Tls(HOST, options.number("port", 0)), relayKey().publicKey());
        return NodeConfig.of(new NodeIdentity(IdentityKey.generate(), name, "")).withLink(LinkConfig.of(relay));
    }

    /** The key that all processes of a run know the relay by. */
    private IdentityKey relayKey() {
        try {
            return IdentityKey.loadOrCreate(Path.of(options.text("node", ""), "relay.key"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever proves a key may do everything. */
    private static Authenticator.Verdict accept(Authenticator.Claim claim) {
        byte[] key = claim.publicKey();
        if (key == null) {
            return new Authenticator.Refused(ErrorCode.UNAUTHENTICATED, "no key (expected: a signed Hello)");
        }
        Scope scope = new Scope(Scope.DEFAULT_NAMESPACE, NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false);
        return new Authenticator.Accepted(Principal.ofKey(key), scope, Long.MAX_VALUE);
    }
}
