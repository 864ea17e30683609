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
    @Override
    public String toString() {
        String name = service.isEmpty() ? ":" + Integer.toUnsignedString(port) : service;
        return node.isEmpty() ? name : service.isEmpty() ? node + name : node + "." + name;
    }
}
