package dev.culvert.node;

/**
 * What all sessions of a node share. <em>Immutable.</em>
 *
 * @param gate decides on sessions and streams beside keys and scopes
 * @param dials dials that take any way
 * @param table what is registered at this node
 */
record SessionContext(
        NodeLimits limits, NodeListener listener, Gate gate, Member self, OwnDials dials, RouteTable table) {}
