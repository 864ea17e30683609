package dev.culvert.examples.astranet;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.time.Duration;

/** A dial that waits for a service which is about to appear, or for a machine that is about to come back. */
public final class PatientDial {
    private PatientDial() {}

    static Stream dial(Node node, String name, Duration upTo) throws IOException {
        return node.dial(
                Address.parse(name),
                DialOptions.DEFAULT.withTimeout(Duration.ofSeconds(10)).withWaitUpTo(upTo));
    }
}
