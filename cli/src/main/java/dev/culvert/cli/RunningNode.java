package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.Binding;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.node.Entrance;
import dev.culvert.node.ExposedService;
import dev.culvert.node.NodeStatus;
import dev.culvert.node.Publication;
import dev.culvert.node.ServiceWatcher;
import dev.culvert.node.Target;
import dev.culvert.policy.Principal;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;

/** A node that this process runs, as much of it as commands need. Any thread. */
interface RunningNode extends AutoCloseable {
    Node node();

    /** Where links are taken, with the ports that the system chose. */
    List<String> listening();

    /** Where local entries listen, in the order of the configuration. */
    List<SocketAddress> entries();

    /** Opens one more local socket. Returns where it listens. */
    SocketAddress enter(Target listen, Entrance entrance) throws IOException;

    /** Offers one more service; returns when a relay has taken it, or at once if none is linked. */
    Binding expose(ExposedService service) throws IOException;

    /** Watches which services may be dialled, until the result is closed. */
    AutoCloseable watch(String patterns, ServiceWatcher watcher);

    /** What is registered here under a name. */
    Publication publication(Address address);

    NodeStatus status();

    String statusJson();

    /** Ends the links of a principal that has lost its access. */
    void revoke(Principal principal, ErrorCode code, String text);

    @Override
    void close();
}
