package dev.culvert.link;

import dev.culvert.link.proto.Role;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Who this process is towards its peers, one per node and process start. Any thread. The instance doubles as the boot id of a relay.
 * [LINK-14] [LINK-15]
 */
public final class LocalNode {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final String name;
    private final UUID instance;
    private final Role role;
    private final String software;
    private final AtomicLong attempts = new AtomicLong();

    /**
     * @param name the node's name in the network
     * @param software name and version for the peer's status screens
     * @param random where the instance comes from
     * @throws IllegalArgumentException if the name is not a node name
     */
    public LocalNode(String name, Role role, String software, SecureRandom random) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "node name '" + name + "' (expected: a-z, 0-9 and hyphens, at most 63, no hyphen at either end)");
        }
        this.name = name;
        this.instance = new UUID(random.nextLong(), random.nextLong());
        this.role = role;
        this.software = software;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public String name() {
        return name;
    }

    /** 128 random bits of this start. */
    public UUID instance() {
        return instance;
    }

    public Role role() {
        return role;
    }

    public String software() {
        return software;
    }

    /** Rises by one with every connection that this process makes to any relay, from 1. */
    long nextAttempt() {
        return attempts.incrementAndGet();
    }
}
