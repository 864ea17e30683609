package dev.culvert.examples.operator;

import dev.culvert.api.Node;
import dev.culvert.api.NodeBuilder;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A machine that nobody can dial: it links to whichever relays its join strings lead to, again and again for ever, and offers what
 * listens beside it. Over the same link it dials what is offered at a relay.
 */
public final class UnreachableMachine {
    private UnreachableMachine() {}

    /** @param joinStrings one or several; each may name several relays */
    static Node start(String name, List<String> joinStrings) throws IOException {
        NodeBuilder builder = Node.builder().name(name).keepAlive(Duration.ofSeconds(2));
        joinStrings.forEach(builder::join);
        return builder.start();
    }

    /** @param target a port or a Unix domain socket of this machine: {@code 127.0.0.1:10002}, {@code unix:/run/app.sock} */
    static void offer(Node machine, String service, String target) throws IOException {
        ((CulvertNode) machine).expose(ExposedService.of(service, Target.parse(target)));
    }
}
