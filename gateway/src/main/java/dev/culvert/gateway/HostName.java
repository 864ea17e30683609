package dev.culvert.gateway;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Host field says, read once for everything that asks. <em>Immutable.</em> RFC 9112, 3.2.
 *
 * @param name lower case, without a final dot; an IPv6 address keeps its brackets
 * @param port as it was written; empty: none
 */
record HostName(String name, String port) {
    private static final int LONGEST = 253;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\\.?");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}\\]");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    /** Null: no host at all. Nothing is guessed: no percent forms, no user, no other script than ASCII. */
    static @Nullable HostName parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > text.lastIndexOf(']');
        String host = (hasPort ? text.substring(0, colon) : text).toLowerCase(Locale.ROOT);
        String port = hasPort ? text.substring(colon + 1) : "";
        if (!isSound(host) || !port.isEmpty() && !PORT.matcher(port).matches()) {
            return null;
        }
        return new HostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
    }

    /** Whether this is a name or an address in brackets, in lower case. */
    static boolean isSound(String host) {
        return host.length() <= LONGEST
                && !host.contains("..")
                && (NAME.matcher(host).matches() || IPV6.matcher(host).matches());
    }
}
