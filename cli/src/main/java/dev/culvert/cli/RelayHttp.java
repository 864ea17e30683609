package dev.culvert.cli;

import dev.culvert.gateway.AccessLog;
import dev.culvert.gateway.Gateway;
import dev.culvert.gateway.GatewayOptions;
import dev.culvert.node.Target;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.NamePatterns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** A relay's port for plain HTTP, if it was asked for. Main thread. */
final class RelayHttp implements AutoCloseable {
    private final @Nullable Target target;
    private final GatewayOptions options;
    private final NamePatterns mayBePublic;
    private final CredentialAuthenticator credentials;
    private final Clock clock;
    private final @Nullable AccessLogFile log;
    private @Nullable SocketAddress listening;
    private @Nullable Gateway gateway;

    private RelayHttp(HttpOptions http, RelayDoor door, Clock clock, @Nullable AccessLogFile log) throws Failure {
        this.target = http.target();
        this.options = http.options();
        this.mayBePublic = http.publicNames();
        this.credentials = door.credentials();
        this.clock = clock;
        this.log = log;
    }

    static RelayHttp open(HttpOptions http, RelayDoor door, Surroundings surroundings) throws Failure {
        try {
            AccessLogFile log = http.log == null ? null : AccessLogFile.open(http.log);
            return new RelayHttp(http, door, surroundings.clock(), log);
        } catch (IOException e) {
            throw Failure.usage("--http-log " + http.log + ": cannot be written (" + e.getMessage() + ")");
        }
    }

    boolean isOpen() {
        return target != null;
    }

    /** Listens, if it was asked for. */
    void start(RunningNode running) throws Failure {
        if (target == null) {
            return;
        }
        HttpAccess access = new HttpAccess(mayBePublic, running::visibility, credentials);
        Gateway opened = new Gateway(
                running.node().name(), options, access, log == null ? AccessLog.NONE : log, clock, new SecureRandom());
        gateway = opened;
        try {
            listening = running.enter(target, opened);
        } catch (IOException e) {
            throw Failure.usage("--http: " + e.getMessage());
        }
    }

    String listening() {
        return listening instanceof InetSocketAddress inet
                ? Addresses.hostPort(inet.getHostString(), inet.getPort())
                : String.valueOf(listening);
    }

    /** Where it listens, and how a service is called. */
    String described() {
        int port = listening instanceof InetSocketAddress inet ? inet.getPort() : 0;
        String domain = options.rules().domains().get(0);
        return listening() + "   web is http://web." + domain + (port == 80 ? "" : ":" + port) + "/";
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.drain();
        }
        if (log != null) {
            log.close();
        }
    }
}
