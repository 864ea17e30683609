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
        try {
            open(nodes, "warm", Links.WARM_LINKS).forEach(CulvertNode::close);
            conductor.at("warm");
            conductor.at("base");
            List<CulvertNode> held = open(nodes, "agent", options.number("n", 1000));
            conductor.at("open");
            conductor.result("links=" + held.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<CulvertNode> open(Nodes nodes, String name, int n) throws IOException {
        List<CulvertNode> held = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            String own = name + "-" + ProcessHandle.current().pid() + "-" + i;
            CulvertNode node = CulvertNode.start(nodes.leaf(own), NodeListener.NONE, nodes.loops());
            node.awaitLink(LINK_TIMEOUT);
            held.add(node);
        }
        return held;
    }
}
