package dev.culvert.link.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host name. May block; never called on an event loop. */
@FunctionalInterface
interface NameLookup {
    /** What the operating system says. */
    NameLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    List<InetAddress> addresses(String host) throws UnknownHostException;
}
