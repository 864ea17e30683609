package dev.culvert.cli;

import dev.culvert.node.NodeIdentity;
import dev.culvert.policy.IdentityKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Who the node of a command is. Owned by the main thread. */
final class IdentityOptions {
    private static final int MAX_NAME = 63;

    @Option(
            names = "--name",
            paramLabel = "NODE",
            description = "Name of this node: a-z, 0-9 and inner hyphens. Default: made from the host's name.")
    String name = "";

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "Scope of names. Default: the one that the join string names.")
    String namespace = "";

    NodeIdentity identity(Path keyFile, String fallbackNamespace) throws Failure {
        try {
            IdentityKey key = IdentityKey.loadOrCreate(keyFile);
            return new NodeIdentity(key, nodeName(), namespace.isEmpty() ? fallbackNamespace : namespace);
        } catch (IOException e) {
            throw Failure.usage("identity key " + keyFile + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    String nodeName() {
        return name.isEmpty() ? hostName() : name;
    }

    private static String hostName() {
        try {
            return nodeName(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return "node";
        }
    }

    /** The first label of a host's name, as far as it makes a node's name. */
    static String nodeName(String hostName) {
        int dot = hostName.indexOf('.');
        String label = (dot < 0 ? hostName : hostName.substring(0, dot)).toLowerCase(Locale.ROOT);
        String name = label.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        name = name.length() > MAX_NAME ? name.substring(0, MAX_NAME).replaceAll("-+$", "") : name;
        return name.isEmpty() ? "node" : name;
    }
}
