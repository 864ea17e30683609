package dev.culvert.bench;

import dev.culvert.node.CulvertNode;
import dev.culvert.node.NodeListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Holds {@code n} nodes, each with a key and a link of its own to one relay. */
final class NodeLinks {
    private static final Duration LINK_TIMEOUT = Duration.ofSeconds(60);

    private NodeLinks() {}

    static void run(PeerOptions options) {
        Nodes nodes = new Nodes(options, 1);
        Conductor conductor = new Conductor();
        conductor.at("base");
        int n = options.number("n", 1000);
        List<CulvertNode> held = new ArrayList<>(n);
        try {
            for (int i = 0; i < n; i++) {
                String name = "agent-" + ProcessHandle.current().pid() + "-" + i;
                CulvertNode node = CulvertNode.start(nodes.leaf(name), NodeListener.NONE, nodes.loops());
                node.awaitLink(LINK_TIMEOUT);
                held.add(node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        conductor.at("open");
        conductor.result("links=" + held.size());
    }
}
