package dev.culvert.cli;

import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeListener;
import java.io.IOException;

/** Starts nodes; tests put a fake in its place. Any thread. */
interface NodeStarter {
    /** @throws IOException if a port is in use or may not be opened */
    RunningNode start(NodeConfig config, NodeListener listener) throws IOException;
}
