package dev.culvert.bench;

import dev.culvert.api.BindOptions;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.NodeListener;
import dev.culvert.node.NodeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The bench service at a node: at the relay itself, or at an agent behind it. Any thread. */
final class NodeServer {
    private final Set<MuxSession> sessions = ConcurrentHashMap.newKeySet();
    private final StreamHandler commands = new CommandHandler(Memory::figures);

    private NodeServer() {}

    /** A relay that serves what is dialled. */
    static void relay(PeerOptions options) {
        Nodes nodes = new Nodes(options, 0);
        try {
            CulvertNode relay = CulvertNode.start(nodes.relay(), NodeListener.NONE, nodes.loops());
            NodeServer server = new NodeServer();
            if (options.text("serve", "yes").equals("yes")) {
                relay.serve(Nodes.SERVICE, BindOptions.DEFAULT, server::take);
                relay.bind(Nodes.BLOCKING_SERVICE, BlockingCalls::serve);
            }
            Endpoint.Tls endpoint = (Endpoint.Tls) relay.listening().get(0);
            server.run("port=" + endpoint.port(), relay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An agent that links to the relay and serves. */
    static void agent(PeerOptions options) {
        Nodes nodes = new Nodes(options, 1);
        try {
            CulvertNode agent = CulvertNode.start(nodes.leaf("agent"), NodeListener.NONE, nodes.loops());
            NodeServer server = new NodeServer();
            agent.serve(Nodes.SERVICE, BindOptions.DEFAULT, server::take);
            server.run("port=" + options.number("port", 0), agent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String ready, CulvertNode node) {
        Conductor conductor = new Conductor();
        conductor.ready(ready);
        conductor.obey(Map.of("mem", () -> figures(node), "drop", () -> "dropped"));
        node.close();
    }

    private StreamHandler take(MuxStream stream) {
        sessions.add(stream.session());
        return commands;
    }

    private String figures(CulvertNode node) {
        NodeStatus status = node.status();
        long streams = sessions.isEmpty() ? status.traffic().open() : 0;
        for (MuxSession session : sessions) {
            streams += session.loop()
                    .submit(session::openStreams)
                    .syncUninterruptibly()
                    .getNow();
        }
        return "mem " + Memory.figures() + " streams=" + streams + " links="
                + status.sessions().size();
    }
}
