package dev.culvert.node;

import dev.culvert.api.LinkTerms;
import dev.culvert.api.Node;
import dev.culvert.api.NodeEngine;
import dev.culvert.api.NodeOptions;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MuxOptions;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.JoinString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes nodes for embedders who know the api only; found by {@link java.util.ServiceLoader}. Any thread. */
public final class CulvertEngine implements NodeEngine {
    /** The file of a node's key in its state directory. */
    public static final String KEY_FILE = "node.key";

    private static final int MAX_HOST_PART = 48;
    private static final Pattern ILLEGAL = Pattern.compile("[^a-z0-9]+");

    @Override
    public Node start(NodeOptions options) throws IOException {
        NodeConfig config = config(options);
        String name = config.identity().name();
        Loops loops = Loops.start("culvert-" + name, 0);
        Hooks hooks = new Hooks(name, options.hooks(), loops);
        Runnable end = () -> {
            hooks.close();
            loops.close();
        };
        try {
            return CulvertNode.start(config, hooks, Surroundings.of(loops), end);
        } catch (IOException | RuntimeException e) {
            end.run();
            throw e;
        }
    }

    private static NodeConfig config(NodeOptions options) throws IOException {
        IdentityKey key = options.stateDirectory() == null
                ? IdentityKey.generate()
                : IdentityKey.loadOrCreate(options.stateDirectory().resolve(KEY_FILE));
        String name = options.name().isEmpty() ? nameOf(hostName(), key) : options.name();
        NodeConfig config = NodeConfig.of(new NodeIdentity(key, name, options.namespace()))
                .withLimits(NodeLimits.DEFAULT.withCloseMillis(
                        options.closeTimeout().toMillis()))
                .withMux(MuxOptions.DEFAULT.withKeepAliveNanos(
                        options.links().keepAlive().toNanos()));
        for (String join : options.joins()) {
            config = config.withLink(LinkConfig.of(JoinString.parse(join)).withTiming(timing(options.links())));
        }
        return config;
    }

    private static LinkTiming timing(LinkTerms terms) {
        return LinkTiming.DEFAULT.withRetries(
                terms.retryMin().toMillis(), terms.retryMax().toMillis(), terms.retries());
    }

    /**
     * A node name for a host: the first part of its name and a part of the key, since
     * several nodes with keys of their own may run on one host.
     */
    static String nameOf(String host, IdentityKey key) {
        String first = host.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
        String legal = trim(ILLEGAL.matcher(first).replaceAll("-"));
        String cut = trim(legal.substring(0, Math.min(MAX_HOST_PART, legal.length())));
        String tail = HexFormat.of().formatHex(key.publicKey(), 0, 4);
        return (cut.isEmpty() ? "node" : cut) + "-" + tail;
    }

    private static String trim(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && name.charAt(start) == '-') {
            start++;
        }
        while (end > start && name.charAt(end - 1) == '-') {
            end--;
        }
        return name.substring(start, end);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }
}
