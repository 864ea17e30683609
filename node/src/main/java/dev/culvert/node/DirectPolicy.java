package dev.culvert.node;

import dev.culvert.api.AddressRange;
import dev.culvert.link.transport.Endpoint;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a node may be told to link to directly. Stateless; what another node says is never more than a proposal. [DIRECT-7] */
@FunctionalInterface
interface DirectPolicy {
    /** Of an offer; what is beyond is not looked at. */
    int MAX_ADDRESSES = 4;

    /** No names, no schemes, no zones, and a port. */
    Pattern FORM = Pattern.compile("([0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}]):[0-9]{1,5}");

    /** Where to link to; empty: this address is not permitted. */
    Optional<Endpoint> permit(String address);

    /**
     * Numeric addresses in these ranges. One of all addresses ({@code 0.0.0.0/0}) stands for those of other machines: loopback and link-local
     * ones must be named by a range of their own.
     *
     * @throws IllegalArgumentException for what is no range
     */
    static DirectPolicy of(List<String> ranges) {
        List<AddressRange> permitted = ranges.stream().map(AddressRange::parse).toList();
        return address -> numeric(address)
                .filter(endpoint -> isPermitted(endpoint.host(), permitted))
                .map(Endpoint.class::cast);
    }

    /** Host and port of an address without a name in it. */
    private static Optional<Endpoint.Tls> numeric(String address) {
        if (!FORM.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            return Endpoint.parse("tls://" + address) instanceof Endpoint.Tls tls
                            && tls.port() > 0
                            && isNumeric(tls.host())
                    ? Optional.of(tls)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isNumeric(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** The same at the node that proposes it. */
    static boolean isNumericAddress(String address) {
        return numeric(address).isPresent();
    }

    private static boolean isPermitted(String host, List<AddressRange> ranges) {
        try {
            InetAddress address = InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(host));
            if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                return false;
            }
            boolean near = address.isLoopbackAddress() || address.isLinkLocalAddress();
            return ranges.stream().anyMatch(range -> range.contains(address) && !(near && range.bits() == 0));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
