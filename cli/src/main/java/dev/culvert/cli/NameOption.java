package dev.culvert.cli;

import dev.culvert.node.NodeIdentity;
import dev.culvert.policy.IdentityKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The name of the node of a command. Owned by the main thread. */
final class NameOption {
    private static final int MAX_NAME = 63;

    @Option(
            names = "--name",
            paramLabel = "NODE",
            description = "Name of this node: a-z, 0-9 and inner hyphens. Default: made from the host's name.")
    String name = "";

    /** Who a node with this key and name is. */
    NodeIdentity identity(IdentityKey key, String namespace) throws Failure {
        try {
            return new NodeIdentity(key, orHostName(), namespace);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    private String orHostName() {
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
