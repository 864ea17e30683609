package dev.culvert.api;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name that is dialled. <em>Immutable.</em> As text: {@code service}, {@code node.service} (split at the first dot), {@code
 * .dotted.service} (a leading dot: no node), {@code node:port} and {@code :port} (virtual ports), each with {@code @namespace} behind
 * it where the caller may cross namespaces. Names that text cannot express are made with {@link #service(String)}.
 *
 * @param node the node that it must be; empty: any
 * @param service the service's name, taken literally; empty if a port is given
 * @param port the virtual port, unsigned 32 bits; 0: none
 * @param namespace empty: the caller's own
 */
public record Address(String node, String service, int port, String namespace) {
    /** Bytes in UTF-8 that a service name may have. */
    public static final int MAX_SERVICE_BYTES = 255;

    /** Bytes that a service name in text may have. */
    public static final int MAX_TEXT_SERVICE = 128;

    private static final Pattern NODE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern SERVICE = Pattern.compile("\\$?[a-z0-9]([a-z0-9._-]*[a-z0-9])?");
    private static final String EXPECTED =
            " (expected: service, node.service, .dotted.service, node:port or :port, optionally @namespace)";

    public Address {
        if (!node.isEmpty() && !isNodeName(node)) {
            throw new IllegalArgumentException(
                    "node name '" + node + "' (expected: a-z, 0-9 and inner hyphens, at most 63)");
        }
        if (service.isEmpty() == (port == 0)) {
            throw new IllegalArgumentException("address with service '" + service + "' and port "
                    + Integer.toUnsignedString(port) + " (expected: exactly one of them)");
        }
        if (!service.isEmpty()) {
            requireServiceName(service);
        }
    }

    /** The address of a service by its literal name, at any node; dots have no meaning. */
    public static Address service(String service) {
        return new Address("", service, 0, "");
    }

    /** The address of a service at one node; dots in the service's name have no meaning. */
    public static Address at(String node, String service) {
        return new Address(node, service, 0, "");
    }

    /**
     * Reads an address from text.
     *
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public static Address parse(String text) {
        int at = text.indexOf('@');
        String name = at < 0 ? text : text.substring(0, at);
        String namespace = at < 0 ? "" : text.substring(at + 1);
        if (at >= 0 && !isNodeName(namespace)) {
            throw bad(text, "'" + namespace + "' is no namespace");
        }
        int colon = name.indexOf(':');
        return colon >= 0 ? byPort(text, name, colon, namespace) : byService(text, name, namespace);
    }

    private static Address byPort(String text, String name, int colon, String namespace) {
        String node = name.substring(0, colon);
        checkNode(text, node, true);
        try {
            int port = Integer.parseUnsignedInt(name.substring(colon + 1));
            if (port != 0) {
                return new Address(node, "", port, namespace);
            }
        } catch (NumberFormatException e) {
            throw bad(text, "'" + name.substring(colon + 1) + "' is no port");
        }
        throw bad(text, "0 is no port");
    }

    private static Address byService(String text, String name, String namespace) {
        int dot = name.indexOf('.');
        String node = dot < 0 ? "" : name.substring(0, dot);
        String service = dot < 0 ? name : name.substring(dot + 1);
        checkNode(text, node, dot <= 0);
        if (service.length() > MAX_TEXT_SERVICE || !SERVICE.matcher(service).matches()) {
            throw bad(text, "'" + service + "' is no service name");
        }
        return new Address(node, service, 0, namespace);
    }

    private static void checkNode(String text, String node, boolean mayBeEmpty) {
        if (node.isEmpty() ? !mayBeEmpty : !isNodeName(node)) {
            throw bad(text, "'" + node + "' is no node name");
        }
    }

    private static IllegalArgumentException bad(String text, String reason) {
        return new IllegalArgumentException("address '" + text + "': " + reason + EXPECTED);
    }

    /** Whether this is a node name [LINK-15]; namespaces follow the same rule. */
    public static boolean isNodeName(String name) {
        return NODE.matcher(name).matches();
    }

    /**
     * Checks a service name as the API takes it [CTRL-3].
     *
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public static String requireServiceName(String service) {
        Objects.requireNonNull(service, "service");
        boolean control = service.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (service.isEmpty() || control || service.getBytes(StandardCharsets.UTF_8).length > MAX_SERVICE_BYTES) {
            throw new IllegalArgumentException("service name '" + service + "' (expected: 1 to " + MAX_SERVICE_BYTES
                    + " bytes of UTF-8 without control characters)");
        }
        return service;
    }

    /** The same address at {@code newNode}. */
    public Address withNode(String newNode) {
        return new Address(newNode, service, port, namespace);
    }

    /** Prints what {@link #parse} reads, where the name can be expressed in text. */
    @Override
    public String toString() {
        String suffix = namespace.isEmpty() ? "" : "@" + namespace;
        if (port != 0) {
            return node + ":" + Integer.toUnsignedString(port) + suffix;
        }
        boolean dot = !node.isEmpty() || service.indexOf('.') >= 0;
        return node + (dot ? "." : "") + service + suffix;
    }
}
