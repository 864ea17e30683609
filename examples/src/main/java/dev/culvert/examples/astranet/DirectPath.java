package dev.culvert.examples.astranet;

import dev.culvert.api.Node;
import java.io.IOException;

/** Two nodes that can reach each other, which a relay brings together: later streams do without it. */
public final class DirectPath {
    private DirectPath() {}

    /** @param address numeric, with a port: where this node takes links and others may reach it */
    static Node reachable(String name, String joinString, String address) throws IOException {
        return Node.builder()
                .name(name)
                .join(joinString)
                .listen(address)
                .directAddress(address)
                .start();
    }

    /** @param range where this node may be told to link to, as {@code 192.168.0.0/16} */
    static Node dialling(String joinString, String range) throws IOException {
        return Node.builder().join(joinString).dialDirectly(range).start();
    }
}
