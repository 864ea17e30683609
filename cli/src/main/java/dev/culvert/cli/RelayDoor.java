package dev.culvert.cli;

import dev.culvert.link.PublicAddress;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.node.ListenConfig;
import dev.culvert.policy.BearerTokens;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.RelayCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What guards a relay's link port: its certificate and who may link. Closed by its owner; any thread. */
final class RelayDoor implements AutoCloseable {
    private final ScheduledExecutorService files;
    private final CredentialAuthenticator authenticator;
    private final ListenConfig config;
    private final boolean listed;

    private RelayDoor(
            ScheduledExecutorService files,
            CredentialAuthenticator authenticator,
            ListenConfig config,
            boolean listed) {
        this.files = files;
        this.authenticator = authenticator;
        this.config = config;
        this.listed = listed;
    }

    static RelayDoor open(Surroundings surroundings, RelayState relay, ListenOptions options, List<Endpoint> endpoints)
            throws Failure {
        ScheduledExecutorService files = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "culvert-files");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<String> hostNames = PublicAddress.hostNames(options.publicAddresses(), endpoints);
            RelayCertificates certificates = RelayCertificates.open(
                    relay.certificate(), relay.identity(), hostNames, surroundings.clock(), files);
            LinkPortOptions port = LinkPortOptions.DEFAULT
                    .withCertificate(certificates)
                    .withClear(endpoints.stream().anyMatch(Endpoint.Tcp.class::isInstance))
                    .withOrigins(options.origins())
                    .withBalancers(options.balancer);
            CredentialAuthenticator authenticator =
                    new CredentialAuthenticator(relay.invites(), tokens(options.tokens, surroundings));
            return new RelayDoor(
                    files,
                    authenticator,
                    new ListenConfig(endpoints, port, authenticator, options.publicHost),
                    options.tokens != null);
        } catch (IOException e) {
            files.shutdownNow();
            throw Failure.usage(e);
        }
    }

    private static @Nullable BearerTokens tokens(@Nullable Path file, Surroundings surroundings) throws IOException {
        return file == null ? null : BearerTokens.open(file, surroundings.clock());
    }

    ListenConfig config() {
        return config;
    }

    /** Who a credential is that comes with a request. */
    CredentialAuthenticator credentials() {
        return authenticator;
    }

    /** Whether there is a list that says what holders of tokens and certificates may do. */
    boolean hasTokens() {
        return listed;
    }

    /** From now on, until this is closed, who loses access loses its links. */
    void guard(RunningNode relay) {
        authenticator.watch(files, relay::revoke);
    }

    @Override
    public void close() {
        files.shutdownNow();
    }
}
