package dev.culvert.gateway;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** Networks of proxies in front of the gateway, whose word on where a request came from counts. <em>Immutable.</em> */
public final class TrustedProxies {
    public static final TrustedProxies NONE = of(List.of());

    private final List<IpSubnetFilterRule> rules;

    private TrustedProxies(List<IpSubnetFilterRule> rules) {
        this.rules = rules;
    }

    /**
     * @param networks as {@code 10.0.0.0/8}, {@code 192.0.2.7} or {@code fd00::/8}
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public static TrustedProxies of(List<String> networks) {
        return new TrustedProxies(networks.stream().map(TrustedProxies::rule).toList());
    }

    private static IpSubnetFilterRule rule(String network) {
        int slash = network.indexOf('/');
        String address = slash < 0 ? network : network.substring(0, slash);
        boolean four = NetUtil.isValidIpV4Address(address);
        try {
            if (four || NetUtil.isValidIpV6Address(address)) {
                int bits = slash < 0 ? (four ? 32 : 128) : Integer.parseInt(network.substring(slash + 1));
                return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
            }
        } catch (IllegalArgumentException e) {
            throw bad(network);
        }
        throw bad(network);
    }

    private static IllegalArgumentException bad(String network) {
        return new IllegalArgumentException("network '" + network + "' (expected: 10.0.0.0/8, 192.0.2.7 or fd00::/8)");
    }

    boolean contains(SocketAddress address) {
        return address instanceof InetSocketAddress inet && rules.stream().anyMatch(rule -> rule.matches(inet));
    }
}
