package dev.culvert.link;

import dev.culvert.link.proto.RelayAddress;
import java.util.List;

/**
 * How a node takes leave of its sessions. <em>Immutable.</em> [CTRL-6]
 *
 * @param settleMillis after the announcement, how long streams are still taken: twice the time that routes need to spread
 * @param graceMillis after the announcement, when what is left is closed
 * @param spreadMillis over which the peers shall spread their moves
 * @param relays where else to go
 */
public record DrainPlan(long settleMillis, long graceMillis, long spreadMillis, List<RelayAddress> relays) {
    public DrainPlan {
        if (settleMillis < 0 || graceMillis < settleMillis || graceMillis > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("settleMillis " + settleMillis + ", graceMillis " + graceMillis
                    + " (expected: 0 <= settleMillis <= graceMillis)");
        }
        if (spreadMillis < 0 || spreadMillis > graceMillis) {
            throw new IllegalArgumentException(
                    "spreadMillis: " + spreadMillis + " (expected: 0 to graceMillis, " + graceMillis + ")");
        }
        relays = List.copyOf(relays);
    }

    /** Settles within a fifth of the grace, at most a second, and names no other relay. */
    public static DrainPlan within(long graceMillis) {
        return new DrainPlan(Math.min(1_000, graceMillis / 5), graceMillis, graceMillis / 4, List.of());
    }
}
