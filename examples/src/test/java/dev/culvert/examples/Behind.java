package dev.culvert.examples;

import dev.culvert.api.Node;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** A relay in this process, a machine that cannot be dialled, and one that calls it, each over its own link. */
final class Behind implements AutoCloseable {
    final RelayInProcess relay;
    final Node agent;
    final Node caller;

    Behind(Path state) throws IOException {
        relay = new RelayInProcess(state, InstantSource.system());
        agent = Node.join(relay.invite());
        caller = Node.join(relay.invite());
    }

    /** Leads a service of the agent's to a port or a Unix domain socket of this machine. */
    void expose(String service, String target) throws IOException {
        ((CulvertNode) agent).expose(ExposedService.of(service, Target.parse(target)));
    }

    @Override
    public void close() {
        caller.close();
        agent.close();
        relay.close();
    }
}
