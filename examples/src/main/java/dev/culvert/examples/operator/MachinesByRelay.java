package dev.culvert.examples.operator;

import dev.culvert.api.Node;
import dev.culvert.api.RelayResolver;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * A program that only dials. It is told which relay serves which machine, links to that relay when it dials, and lets go of the link
 * when nobody has used it for a while.
 */
public final class MachinesByRelay {
    private MachinesByRelay() {}

    /** @param joinsByMachine a join string for each machine; machines may be added while the node runs, if the map is a concurrent one */
    static Node start(Map<String, String> joinsByMachine) throws IOException {
        return Node.builder()
                .resolver(RelayResolver.ofJoins(joinsByMachine))
                .keepIdleLinks(Duration.ofMinutes(5))
                .start();
    }
}
