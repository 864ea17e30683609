package dev.culvert.node.proxy;

/** The authority of a request's target. <em>Immutable.</em> {@code host} keeps its brackets. */
record Authority(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code host}, {@code host:port} or {@code [::1]:port}.
     *
     * @param defaultPort -1: the port must be there
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    static Authority parse(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        boolean none = colon < 0 || text.endsWith("]");
        String host = none ? text : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty()
                || !bracketed && host.indexOf(':') >= 0
                || host.chars().anyMatch(Authority::isForeign)) {
            throw bad(text);
        }
        return new Authority(host, none ? required(text, defaultPort) : port(text, text.substring(colon + 1)));
    }

    private static boolean isForeign(int c) {
        return c <= ' ' || c >= 127 || "@/?#\\%".indexOf(c) >= 0;
    }

    private static int required(String text, int defaultPort) {
        if (defaultPort < 0) {
            throw bad(text);
        }
        return defaultPort;
    }

    private static int port(String text, String digits) {
        boolean plain =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = plain ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw bad(text);
        }
        return port;
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("host '" + text + "' (expected: host:port, as edge7.web:80)");
    }
}
