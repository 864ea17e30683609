package dev.culvert.cli;

import dev.culvert.node.LinkConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import dev.culvert.policy.FileFault;
import dev.culvert.policy.IdentityKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The node of a command that links out: who it is and which relays it joins. Owned by the main thread. */
final class LinkedNodeOptions {
    @Mixin
    private NameOption name = new NameOption();

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "Scope of names. Default: the one that the join string names.")
    private String namespace = "";

    @Mixin
    private JoinOptions joins = new JoinOptions();

    /** What the command line does not say, a file may. */
    void orElse(AgentConfig config) {
        name.name = name.name.isEmpty() ? config.name() : name.name;
        namespace = namespace.isEmpty() ? config.namespace() : namespace;
        if (joins.join.isEmpty() && joins.joinFile.isEmpty()) {
            joins.join.addAll(config.join());
            joins.joinFile.addAll(config.joinFile());
        }
    }

    /** A node that links to each of the join strings and does nothing yet; its key is made on first use. */
    NodeConfig node(Surroundings surroundings) throws Failure {
        List<LinkConfig> links = joins.links(surroundings);
        NodeConfig node = NodeConfig.of(identity(StateDirectory.of(surroundings).nodeKey()));
        for (LinkConfig link : links) {
            node = node.withLink(link);
        }
        return node;
    }

    private NodeIdentity identity(Path keyFile) throws Failure {
        try {
            return name.identity(IdentityKey.loadOrCreate(keyFile), namespace);
        } catch (IOException e) {
            throw Failure.usage("identity key " + keyFile + ": " + FileFault.text(e));
        }
    }
}
