package dev.culvert.cli;

import dev.culvert.policy.HostPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.util.Comparator;
import java.util.Optional;

/** Addresses of this machine, and addresses as text. <em>Stateless.</em> */
final class Addresses {
    private Addresses() {}

    static String text(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return "unix:" + unix.getPath();
        }
        if (address instanceof InetSocketAddress inet) {
            return HostPort.text(inet.getHostString(), inet.getPort());
        }
        return address.toString();
    }

    /** An address under which other machines may reach this one; loopback if it has no other. */
    static String reachable() {
        try {
            Optional<InetAddress> best = NetworkInterface.networkInterfaces()
                    .filter(Addresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min(Comparator.comparing(address -> !(address instanceof Inet4Address)));
            return best.map(InetAddress::getHostAddress).orElse("127.0.0.1");
        } catch (SocketException e) {
            return "127.0.0.1";
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }
}
