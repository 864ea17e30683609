package dev.culvert.node;

/**
 * What a dial looks for. <em>Immutable.</em>
 *
 * @param namespace of the name
 * @param node the node that it must be; empty: any
 * @param service empty if {@code port} is given
 * @param port virtual port; 0: none
 */
record NameKey(String namespace, String node, String service, int port) {
    /** Written out, since a look-up for every stream asks for it, and what the record would generate is several times slower. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NameKey that
                && port == that.port
                && service.equals(that.service)
                && node.equals(that.node)
                && namespace.equals(that.namespace);
    }

    @Override
    public int hashCode() {
        return ((namespace.hashCode() * 31 + node.hashCode()) * 31 + service.hashCode()) * 31 + port;
    }

    /** The service or port without the node. */
    String label() {
        return service.isEmpty() ? ":" + Integer.toUnsignedString(port) : service;
    }

    @Override
    public String toString() {
        return node.isEmpty() ? label() : service.isEmpty() ? node + label() : node + "." + label();
    }
}
