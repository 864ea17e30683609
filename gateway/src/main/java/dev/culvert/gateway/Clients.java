package dev.culvert.gateway;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** How clients are named. <em>Stateless.</em> */
final class Clients {
    private Clients() {}

    /** Its address without the port; an IPv4 address in IPv6's clothes as what it is. */
    static String address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? NetUtil.toAddressString(inet.getAddress())
                : remote == null ? "unknown" : "local";
    }
}
