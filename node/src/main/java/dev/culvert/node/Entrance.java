package dev.culvert.node;

/** What becomes of the connections of programs to a local socket of this node. One instance serves all; any thread. */
public interface Entrance {
    /** A program has connected: on the loop of its channel, once. Nothing is read before somebody asks the channel to. */
    void onConnection(LocalConnection connection);

    /** Connections that may be open at once; more wait in the accept queue of the system. */
    default int maxConnections() {
        return Integer.MAX_VALUE;
    }

    /** Whether {@link LocalConnection#connect} is permitted, which leads outside Culvert. */
    default boolean connectsDirectly() {
        return false;
    }
}
