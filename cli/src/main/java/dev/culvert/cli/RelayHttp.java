package dev.culvert.cli;

import dev.culvert.gateway.AccessLog;
import dev.culvert.gateway.Backstream;
import dev.culvert.gateway.BackstreamOptions;
import dev.culvert.gateway.Gateway;
import dev.culvert.gateway.GatewayOptions;
import dev.culvert.node.Entrance;
import dev.culvert.node.Target;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.HostPort;
import dev.culvert.policy.NamePatterns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A relay's port for plain HTTP, if it was asked for. Main thread. */
final class RelayHttp implements AutoCloseable {
    private final @Nullable Target target;
    private final @Nullable Target secureTarget;
    private final @Nullable Target metricsTarget;
    private final @Nullable CertificateFolder certificates;
    private final GatewayOptions options;
    private final NamePatterns mayBePublic;
    private final CredentialAuthenticator credentials;
    private final List<HttpAccess.Rule> rules;
    private final @Nullable BackstreamOptions backstream;
    private final Clock clock;
    private final @Nullable AccessLogFile log;
    private @Nullable SocketAddress listening;
    private @Nullable SocketAddress listeningSecurely;
    private @Nullable SocketAddress measuring;
    private @Nullable Gateway gateway;

    private RelayHttp(HttpOptions http, RelayDoor door, Surroundings surroundings, @Nullable AccessLogFile log)
            throws Failure {
        this.target = http.target();
        this.secureTarget = http.secureTarget();
        this.metricsTarget = http.metricsTarget();
        this.certificates = http.certificates == null
                ? null
                : CertificateFolder.open(http.certificates, http.clientAuthorities(door));
        this.options = http.options();
        this.mayBePublic = http.publicNames();
        this.credentials = door.credentials();
        this.backstream = http.backstream.on ? http.backstream.options() : null;
        this.rules = http.accessRules(surroundings);
        this.clock = surroundings.clock();
        this.log = log;
    }

    static RelayHttp open(HttpOptions http, RelayDoor door, Surroundings surroundings) throws Failure {
        try {
            AccessLogFile log = http.log == null ? null : AccessLogFile.open(http.log);
            return new RelayHttp(http, door, surroundings, log);
        } catch (IOException e) {
            throw Failure.usage("--http-log " + http.log + ": cannot be written (" + e.getMessage() + ")");
        }
    }

    boolean isOpen() {
        return target != null || secureTarget != null;
    }

    /** Listens, if it was asked for. */
    void start(RunningNode running) throws Failure {
        if (!isOpen()) {
            return;
        }
        HttpAccess access = new HttpAccess(mayBePublic, running::publication, credentials, rules);
        Gateway opened = new Gateway(
                running.node().name(), options, access, log == null ? AccessLog.NONE : log, clock, new SecureRandom());
        gateway = opened;
        if (backstream != null) {
            opened.take(new Backstream(running.node(), backstream, new HttpNames(credentials)));
        }
        if (target != null) {
            listening = enter(running, "--http", target, opened);
        }
        if (secureTarget != null && certificates != null) {
            listeningSecurely = enter(running, "--https", secureTarget, opened.secure(certificates));
        }
        if (metricsTarget != null) {
            measuring = enter(running, "--http-metrics", metricsTarget, opened.metrics());
        }
    }

    private static SocketAddress enter(RunningNode running, String option, Target target, Entrance door)
            throws Failure {
        try {
            return running.enter(target, door);
        } catch (IOException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    /** Addresses, that with TLS last. */
    List<String> listening() {
        return Stream.of(Optional.ofNullable(listening), Optional.ofNullable(listeningSecurely))
                .flatMap(Optional::stream)
                .map(RelayHttp::text)
                .toList();
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? HostPort.text(inet.getHostString(), inet.getPort())
                : String.valueOf(address);
    }

    /** Lines: where it listens, and how a service is called. */
    List<String> described() {
        List<String> lines = new ArrayList<>(3);
        if (listening != null) {
            lines.add("http   " + described(listening, "http", 80));
        }
        if (listeningSecurely != null) {
            lines.add("https  " + described(listeningSecurely, "https", 443));
        }
        if (measuring != null) {
            lines.add("metrics  " + text(measuring) + "/metrics");
        }
        return lines;
    }

    private String described(SocketAddress address, String scheme, int usual) {
        int port = address instanceof InetSocketAddress inet ? inet.getPort() : 0;
        String domain = options.rules().domains().get(0);
        return text(address) + "   web is " + scheme + "://web." + domain + (port == usual ? "" : ":" + port) + "/";
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.drain();
        }
        if (certificates != null) {
            certificates.close();
        }
        if (log != null) {
            log.close();
        }
    }
}
