package dev.culvert.cli;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.node.Entrance;
import dev.culvert.node.NodeStatus;
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

    NodeStatus status();

    String statusJson();

    /** Ends the links of a principal that has lost its access. */
    void revoke(Principal principal, ErrorCode code, String text);

    @Override
    void close();
}
