package dev.culvert.policy;

/** A host and a port as text: an IPv6 address in brackets, as in URLs (RFC 3986, 3.2.2). <em>Stateless.</em> */
public final class HostPort {
    private HostPort() {}

    /** {@code host:port}, or {@code [::1]:port}. */
    public static String text(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The host without its brackets, if it has some. */
    public static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
