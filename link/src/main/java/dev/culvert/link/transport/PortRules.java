package dev.culvert.link.transport;

import dev.culvert.api.AddressRange;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all connections of a port. <em>Immutable.</em>
 *
 * @param transport {@code tcp}, which is told apart by first bytes, or {@code unix} or {@code mem}, which carry links only
 * @param tls null: no TLS
 * @param origins in lower case
 */
record PortRules(
        String transport,
        LinkPortOptions options,
        @Nullable ServerTls tls,
        Set<String> origins,
        List<AddressRange> balancers,
        LinkAcceptor acceptor) {
    /** @throws IllegalArgumentException one line, for a setting that cannot be used */
    static PortRules of(Endpoint endpoint, LinkPortOptions options, TlsEngine engine, LinkAcceptor acceptor) {
        String transport =
                endpoint instanceof Endpoint.Memory ? "mem" : endpoint instanceof Endpoint.Unix ? "unix" : "tcp";
        ServerTls tls = ServerTls.of(engine, options);
        return new PortRules(
                transport,
                options,
                tls,
                options.origins().stream().map(o -> o.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet()),
                options.balancers().stream().map(AddressRange::parse).toList(),
                acceptor);
    }

    AcceptLimits limits() {
        return options.limits();
    }

    boolean isBalancer(InetAddress address) {
        return balancers.stream().anyMatch(range -> range.contains(address));
    }
}
