package dev.culvert.examples;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.ListenConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import dev.culvert.node.NodeListener;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.Grant;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.Invites;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.RelayCertificate;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** A relay inside a program of your own: TLS with a key that it keeps, join strings that pin it, and a service of the relay's. */
public final class RelayInProcess implements AutoCloseable {
    private final IdentityKey key;
    private final InstantSource clock;
    private final Invites invites;
    private final CulvertNode node;

    /** @param state where the key and the invites are kept */
    public RelayInProcess(Path state, InstantSource clock) throws IOException {
        this.clock = clock;
        this.key = IdentityKey.loadOrCreate(state.resolve("identity.key"));
        this.invites = Invites.open(state, List.of(), clock, new SecureRandom());
        ListenConfig listen = new ListenConfig(
                List.of(Endpoint.parse("tls://127.0.0.1:0")),
                LinkPortOptions.DEFAULT.withCertificate(RelayCertificate.issue(key, List.of("localhost"))),
                new CredentialAuthenticator(invites, null),
                "127.0.0.1");
        NodeIdentity identity = new NodeIdentity(key, "relay", Scope.DEFAULT_NAMESPACE);
        this.node = CulvertNode.start(NodeConfig.of(identity).withListen(listen), NodeListener.NONE);
        node.bind(
                "time",
                stream -> stream.output().write(clock.instant().toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** A join string for one machine: it may offer and dial every name, and must be used within an hour. */
    public String invite() throws IOException {
        Scope scope = new Scope(Scope.DEFAULT_NAMESPACE, NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false);
        long soon = clock.millis() + Duration.ofHours(1).toMillis();
        String token = invites.make(new Grant(scope, soon, Long.MAX_VALUE, 1), "example")
                .token();
        Endpoint.Tls port = (Endpoint.Tls) node.listening().get(0);
        return new JoinString(List.of(new JoinString.Relay("127.0.0.1", port.port(), key.publicKey())), token).text();
    }

    @Override
    public void close() {
        node.close();
    }
}
