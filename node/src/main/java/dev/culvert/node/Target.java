package dev.culvert.node;

import dev.culvert.policy.HostPort;
import java.nio.file.Path;

/**
 * A place on this machine or in its network, outside Culvert: where a service leads to, or where a local entry listens.
 * <em>Immutable.</em> As text: {@code 8080} (loopback), {@code host:port}, {@code [::1]:8080}, {@code http://host:port}, {@code
 * https://host:port}, {@code unix:/path}.
 */
public sealed interface Target {
    /** A TCP address; a name is resolved when it is used. */
    record Tcp(String host, int port) implements Target {
        public Tcp {
            if (host.isEmpty() || port < 0 || port > 65535) {
                throw new IllegalArgumentException(
                        "target " + host + ":" + port + " (expected: a host and a port to 65535)");
            }
        }

        @Override
        public String toString() {
            return HostPort.text(host, port);
        }
    }

    /** A TCP address where TLS is spoken, by a certificate for its host. A service may lead there; nothing can listen so. */
    record Https(Tcp address) implements Target {
        @Override
        public String toString() {
            return TargetText.SECURE + address;
        }
    }

    /** A Unix domain socket. */
    record Unix(Path path) implements Target {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** @throws IllegalArgumentException one line: the value and the expectation */
    static Target parse(String text) {
        return TargetText.parse(text);
    }
}
