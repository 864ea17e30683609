package dev.culvert.link.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * In which order the addresses of a name are tried: IPv6 and IPv4 in turn, IPv6 first (RFC 8305 section 4), and within a family at random,
 * so that nodes spread over the relays behind one name. <em>Stateless.</em>
 */
final class AddressOrder {
    private AddressOrder() {}

    static List<InetAddress> of(List<InetAddress> addresses, RandomGenerator random) {
        List<InetAddress> six = new ArrayList<>();
        List<InetAddress> four = new ArrayList<>();
        for (InetAddress address : addresses) {
            List<InetAddress> family = address instanceof Inet6Address ? six : four;
            family.add(random.nextInt(family.size() + 1), address);
        }
        List<InetAddress> order = new ArrayList<>();
        for (int i = 0; i < Math.max(six.size(), four.size()); i++) {
            if (i < six.size()) {
                order.add(six.get(i));
            }
            if (i < four.size()) {
                order.add(four.get(i));
            }
        }
        return order;
    }
}
