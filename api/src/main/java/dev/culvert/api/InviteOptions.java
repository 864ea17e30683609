package dev.culvert.api;

import java.time.Duration;
import java.util.List;

/**
 * What a join string permits. <em>Immutable.</em>
 *
 * @param joinWithin how long keys can be enrolled with it; those that are enrolled stay
 * @param uses how many keys
 * @param namespace of their names
 * @param register patterns of service names that may be offered: {@code web}, {@code web-*}, {@code *}, {@code :80}
 * @param dial patterns of service names that may be dialled
 * @param relay whether they may link as relays
 */
public record InviteOptions(
        Duration joinWithin, int uses, String namespace, List<String> register, List<String> dial, boolean relay) {
    /** One node, within an hour, for every name. */
    public static final InviteOptions DEFAULT =
            new InviteOptions(Duration.ofHours(1), 1, "default", List.of("*"), List.of("*"), false);

    public InviteOptions {
        if (joinWithin.isNegative() || joinWithin.isZero()) {
            throw new IllegalArgumentException("joinWithin: " + joinWithin + " (expected: more than zero)");
        }
        register = List.copyOf(register);
        dial = List.copyOf(dial);
    }

    public InviteOptions withJoinWithin(Duration newJoinWithin) {
        return new InviteOptions(newJoinWithin, uses, namespace, register, dial, relay);
    }

    public InviteOptions withUses(int newUses) {
        return new InviteOptions(joinWithin, newUses, namespace, register, dial, relay);
    }

    public InviteOptions withNamespace(String newNamespace) {
        return new InviteOptions(joinWithin, uses, newNamespace, register, dial, relay);
    }

    /** Offers and dials these names only. */
    public InviteOptions withScope(List<String> newRegister, List<String> newDial) {
        return new InviteOptions(joinWithin, uses, namespace, newRegister, newDial, relay);
    }

    public InviteOptions withRelay(boolean newRelay) {
        return new InviteOptions(joinWithin, uses, namespace, register, dial, newRelay);
    }
}
