package dev.culvert.gateway;

import dev.culvert.api.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Networks of proxies in front of the gateway, whose word on where a request came from counts. <em>Immutable.</em> */
public final class TrustedProxies {
    public static final TrustedProxies NONE = of(List.of());

    private final List<AddressRange> networks;

    private TrustedProxies(List<AddressRange> networks) {
        this.networks = networks;
    }

    /**
     * @param networks as {@code 10.0.0.0/8}, {@code 192.0.2.7} or {@code fd00::/8}
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public static TrustedProxies of(List<String> networks) {
        return new TrustedProxies(networks.stream().map(AddressRange::parse).toList());
    }

    boolean contains(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null && contains(inet.getAddress());
    }

    boolean contains(InetAddress address) {
        return networks.stream().anyMatch(range -> range.contains(address));
    }
}
