package dev.culvert.api;

import java.time.Duration;

/**
 * How to link over a byte stream that the program has: see {@link Node#attach}. <em>Immutable.</em> Prints itself without secrets.
 *
 * @param join the join string of the node at the other end, of which its addresses do not count; empty: this end takes the link
 * @param name what logs, hooks and status call the link, after {@code attached:}; empty: a number
 * @param timeout from the call until the other end is proved and has agreed
 */
public record AttachOptions(String join, String name, Duration timeout) {
    /** This end takes the link, and serves the node at the other end as if it had come by a port. Within 30 s. */
    public static final AttachOptions ACCEPTING = new AttachOptions("", "", Duration.ofSeconds(30));

    public AttachOptions {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: at least 1 ms)");
        }
    }

    /**
     * This end links, as with {@link NodeBuilder#join}. Within 30 s.
     *
     * @param joinString from {@link Node#invite} of the other end; it names one node; secret. One that this node's key was enrolled with before
     *     is as good as a fresh one
     */
    public static AttachOptions joining(String joinString) {
        return ACCEPTING.withJoin(joinString);
    }

    private AttachOptions withJoin(String newJoin) {
        return new AttachOptions(newJoin, name, timeout);
    }

    public AttachOptions withName(String newName) {
        return new AttachOptions(join, newName, timeout);
    }

    public AttachOptions withTimeout(Duration newTimeout) {
        return new AttachOptions(join, name, newTimeout);
    }

    @Override
    public String toString() {
        return "AttachOptions[" + (join.isEmpty() ? "accepting" : "joining (secret)") + ", name=" + name + ", timeout="
                + timeout + "]";
    }
}
