package dev.culvert.node.proxy;

import dev.culvert.api.Address;
import dev.culvert.policy.HostPort;
import dev.culvert.policy.NamePatterns;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where a program wants to go, by the host and port that it named. <em>Immutable.</em> Pure. */
sealed interface Destination {
    /** Names of Culvert; the next counts if nobody offers the one before. */
    record Named(List<Address> addresses) implements Destination {}

    /** A host outside. */
    record Outside(String host, int port) implements Destination {}

    /** Nowhere: the text is for a person. */
    record Nowhere(String text) implements Destination {}

    /**
     * A host that a pattern permits is outside. Every other is a name: {@code service} or {@code node.service}, whatever the port; if nobody
     * offers a service without a dot, it is the virtual port of the node of that name.
     */
    static Destination of(String hostText, int port, NamePatterns direct) {
        String host = hostText.toLowerCase(Locale.ROOT);
        String bare = HostPort.bare(host);
        if (!bare.isEmpty() && direct.matches(bare)) {
            return new Outside(bare, port);
        }
        if (NetUtil.isValidIpV4Address(bare) || NetUtil.isValidIpV6Address(bare)) {
            return nowhere(hostText, "is an address of a machine");
        }
        try {
            Address first = Address.parse(host);
            return first.service().startsWith("$")
                    ? nowhere(hostText, "is reserved")
                    : new Named(candidates(first, host, port));
        } catch (IllegalArgumentException e) {
            return nowhere(hostText, "is no name of a service");
        }
    }

    private static List<Address> candidates(Address first, String host, int port) {
        List<Address> candidates = new ArrayList<>(2);
        candidates.add(first);
        if (first.port() == 0 && first.node().isEmpty() && Address.isNodeName(host) && port > 0) {
            candidates.add(new Address(host, "", port, ""));
        }
        return List.copyOf(candidates);
    }

    private static Nowhere nowhere(String host, String reason) {
        return new Nowhere(
                "host '" + host + "' " + reason
                        + " (expected: service or node.service, as web or edge7.web; hosts elsewhere only as --direct permits)");
    }
}
