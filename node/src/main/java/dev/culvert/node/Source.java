package dev.culvert.node;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a caller without a link came from: its own address, and the one at which it was taken, of one family. <em>Immutable.</em>
 * [OPEN-16]
 */
record Source(InetSocketAddress client, InetSocketAddress door) {
    /** In StreamOpen; no leaf can set it. */
    static final String HEADER = "culvert-source";

    private static final int LONGEST = 128;

    /** Null: it came by no network. */
    static @Nullable Source of(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress client
                        && channel.localAddress() instanceof InetSocketAddress door
                ? of(client, door)
                : null;
    }

    /** Null: they are not of one family, or not known. */
    static @Nullable Source of(InetSocketAddress client, InetSocketAddress door) {
        InetAddress from = client.getAddress();
        InetAddress at = door.getAddress();
        return from == null || at == null || !from.getClass().equals(at.getClass()) ? null : new Source(client, door);
    }

    /** Null: it is none. Nothing is looked up. */
    static @Nullable Source parse(@Nullable String text) {
        int space = text == null ? -1 : text.indexOf(' ');
        if (text == null || space < 0 || text.length() > LONGEST) {
            return null;
        }
        InetSocketAddress client = address(text.substring(0, space));
        InetSocketAddress door = address(text.substring(space + 1));
        return client == null || door == null ? null : of(client, door);
    }

    private static @Nullable InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        InetAddress address = host.indexOf(':') >= 0 != bracketed
                ? null
                : NetUtil.createInetAddressFromIpAddressString(bracketed ? host.substring(1, host.length() - 1) : host);
        int port = port(text.substring(colon + 1));
        return address == null || port < 0 ? null : new InetSocketAddress(address, port);
    }

    private static int port(String text) {
        boolean number = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(text) : -1;
        return port > 65_535 ? -1 : port;
    }

    /** As the header says it. */
    @Override
    public String toString() {
        return NetUtil.toSocketAddressString(client) + " " + NetUtil.toSocketAddressString(door);
    }
}
