package dev.culvert.gateway;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ranges of addresses. <em>Immutable.</em> */
public final class Networks {
    private final List<IpSubnetFilterRule> rules;

    private Networks(List<IpSubnetFilterRule> rules) {
        this.rules = rules;
    }

    /**
     * @param networks as {@code 10.0.0.0/8}, {@code 192.0.2.7} or {@code fd00::/8}
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public static Networks of(List<String> networks) {
        return new Networks(networks.stream().map(Networks::rule).toList());
    }

    /** Without those that are not understood, which let nobody in. */
    static Networks ofSound(List<String> networks) {
        return new Networks(networks.stream()
                .map(Networks::ruleOrNull)
                .filter(Objects::nonNull)
                .toList());
    }

    private static IpSubnetFilterRule rule(String network) {
        IpSubnetFilterRule rule = ruleOrNull(network);
        if (rule == null) {
            throw new IllegalArgumentException(
                    "network '" + network + "' (expected: 10.0.0.0/8, 192.0.2.7 or fd00::/8)");
        }
        return rule;
    }

    private static @Nullable IpSubnetFilterRule ruleOrNull(String network) {
        int slash = network.indexOf('/');
        String address = slash < 0 ? network : network.substring(0, slash);
        boolean four = NetUtil.isValidIpV4Address(address);
        if (!four && !NetUtil.isValidIpV6Address(address)) {
            return null;
        }
        try {
            int bits = slash < 0 ? (four ? 32 : 128) : Integer.parseInt(network.substring(slash + 1));
            return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    boolean contains(InetAddress address) {
        InetSocketAddress socket = new InetSocketAddress(address, 0);
        return rules.stream().anyMatch(rule -> rule.matches(socket));
    }
}
