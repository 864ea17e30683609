package dev.culvert.node;

import dev.culvert.api.InviteOptions;
import dev.culvert.api.LinkTls;
import dev.culvert.api.ListenOptions;
import dev.culvert.api.NodeOptions;
import dev.culvert.link.PublicAddress;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.Grant;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.Invites;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.RelayCertificates;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an embedded node that listens has beside the node: its certificate, its invitations, and who lost access. Any thread. Without a
 * state directory everything is kept in one of its own, which is deleted at the end.
 */
final class EmbeddedRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRelay.class);
    private static final String LOOPBACK = "127.0.0.1";

    /** In join strings of a node without ports, which need an address: no name ends so (RFC 2606). */
    private static final PublicAddress PORTLESS = PublicAddress.parse("attached.invalid:1");

    private final IdentityKey key;
    private final Surroundings surroundings;
    private final List<PublicAddress> publicAddresses;
    private final Invites invites;
    private final ScheduledExecutorService files;
    private final CredentialAuthenticator authenticator;
    private final ListenConfig config;
    private final @Nullable Path temporary;

    private EmbeddedRelay(NodeOptions options, IdentityKey key, Surroundings surroundings, @Nullable Path temporary)
            throws IOException {
        Path folder = temporary == null ? options.stateDirectory() : temporary;
        if (folder == null) {
            throw new IllegalArgumentException("no state directory (expected: the embedder's or a temporary one)");
        }
        this.key = key;
        this.surroundings = surroundings;
        this.temporary = temporary;
        List<Endpoint> endpoints = endpoints(options.listen());
        this.publicAddresses = options.listen().publicAddresses().stream()
                .map(PublicAddress::parse)
                .toList();
        this.invites = Invites.open(folder, List.of(), surroundings.clock(), surroundings.random());
        this.authenticator = new CredentialAuthenticator(invites, null);
        this.files = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "culvert-files");
            thread.setDaemon(true);
            return thread;
        });
        boolean done = false;
        try {
            this.config = listen(folder, endpoints, options.tls());
            done = true;
        } finally {
            if (!done) {
                files.shutdownNow();
            }
        }
    }

    private ListenConfig listen(Path folder, List<Endpoint> endpoints, LinkTls tls) throws IOException {
        List<String> hostNames = PublicAddress.hostNames(publicAddresses, endpoints);
        RelayCertificates certificates =
                RelayCertificates.open(folder.resolve("certificate.pem"), key, hostNames, surroundings.clock(), files);
        LinkPortOptions port = OwnTls.of(tls)
                .listening(LinkPortOptions.DEFAULT, certificates)
                .withClear(endpoints.stream().anyMatch(Endpoint.Tcp.class::isInstance));
        return new ListenConfig(endpoints, port, authenticator, LOOPBACK);
    }

    /**
     * Opens the files.
     *
     * @throws IOException one line that names the file that cannot be used
     * @throws IllegalArgumentException for an address that makes no sense
     */
    static EmbeddedRelay open(NodeOptions options, IdentityKey key, Surroundings surroundings) throws IOException {
        if (options.stateDirectory() != null) {
            Files.createDirectories(options.stateDirectory());
            return new EmbeddedRelay(options, key, surroundings, null);
        }
        Path temporary = Files.createTempDirectory("culvert-relay");
        try {
            return new EmbeddedRelay(options, key, surroundings, temporary);
        } catch (IOException | RuntimeException e) {
            delete(temporary);
            throw e;
        }
    }

    private static List<Endpoint> endpoints(ListenOptions listen) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String text : listen.endpoints()) {
            if (text.equals(ListenOptions.ATTACHED)) {
                continue;
            }
            Endpoint endpoint = Endpoint.parse(text);
            boolean clear = endpoint instanceof Endpoint.Tcp tcp && !isLoopback(tcp.host());
            if (clear || endpoint instanceof Endpoint.WebSocket) {
                throw new IllegalArgumentException(
                        "listen '" + text
                                + "' (expected: host:port, which takes TLS and WebSockets; tcp:// for loopback only; unix:/path)");
            }
            endpoints.add(endpoint);
        }
        return endpoints;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether it leads to a node that takes links on attached streams only. */
    static boolean isPortless(JoinString join) {
        return join.relays().stream().allMatch(relay -> relay.host().equals(PORTLESS.host()));
    }

    ListenConfig config() {
        return config;
    }

    /** From now on, until this is closed, who loses access loses its links. */
    void guard(CulvertNode node) {
        authenticator.watch(files, node::revoke);
    }

    /** @param listening with the ports that the system chose */
    String invite(InviteOptions options, List<Endpoint> listening) throws IOException {
        List<PublicAddress> addresses =
                publicAddresses.isEmpty() ? PublicAddress.reachable(listening) : publicAddresses;
        if (config.endpoints().isEmpty()) {
            addresses = List.of(PORTLESS);
        }
        if (addresses.isEmpty()) {
            throw new IllegalStateException("no address for an invitation in " + listening
                    + " (expected: Node.builder().publicAddress(\"host:port\"))");
        }
        long joinBy = surroundings.clock().millis() + options.joinWithin().toMillis();
        Scope scope = new Scope(
                options.namespace(),
                new NamePatterns(options.register()),
                new NamePatterns(options.dial()),
                PortRange.NONE,
                options.relay());
        Grant grant = new Grant(scope, joinBy, Long.MAX_VALUE, options.uses());
        List<JoinString.Relay> relays =
                addresses.stream().map(at -> at.relay(key.publicKey())).toList();
        return new JoinString(relays, invites.make(grant, "made in code").token(), PublicAddress.transport(addresses))
                .text();
    }

    @Override
    public void close() {
        files.shutdownNow();
        if (temporary != null) {
            delete(temporary);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("temporary state {} was not deleted: {}", folder, e.toString());
        }
    }
}
