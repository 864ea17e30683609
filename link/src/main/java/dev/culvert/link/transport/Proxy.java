package dev.culvert.link.transport;

import dev.culvert.policy.HostPort;
import org.jspecify.annotations.Nullable;

/** How to get out to the relay. <em>Immutable.</em> */
public sealed interface Proxy {
    Proxy NONE = new None();

    /** {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, for {@code ws} and {@code wss} endpoints. */
    Proxy FROM_ENVIRONMENT = new FromEnvironment(false);

    /** Straight out. */
    record None() implements Proxy {}

    /**
     * What the environment says.
     *
     * @param tlsToo also for {@code tls} endpoints
     */
    record FromEnvironment(boolean tlsToo) implements Proxy {}

    /** An HTTP proxy that knows CONNECT, used for all endpoints but {@code unix} and {@code mem}. Prints itself without the password. */
    record Http(
            String host,
            int port,
            @Nullable String user,
            @Nullable String password) implements Proxy {
        @Override
        public String toString() {
            return "http://" + (user == null ? "" : user + ":***@") + HostPort.text(host, port);
        }
    }
}
