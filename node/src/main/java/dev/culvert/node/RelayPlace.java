package dev.culvert.node;

import dev.culvert.policy.JoinString;
import dev.culvert.policy.Principal;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which relays a link leads to, and in which namespace: two links of one node to the same would fence each other. <em>Immutable.</em> [CTRL-11]
 *
 * @param relays their principals
 * @param namespace empty: the relay says
 */
record RelayPlace(Set<String> relays, String namespace) {
    /** @param own the namespace that the node asks for; empty: the credential's */
    static RelayPlace of(LinkConfig config, String own) {
        Set<String> relays = config.relays().stream()
                .map(relay -> relay.key() == null
                        ? relay.toString()
                        : Principal.ofKey(relay.key()).id())
                .collect(Collectors.toUnmodifiableSet());
        return new RelayPlace(relays, own.isEmpty() ? namespace(config) : own);
    }

    private static String namespace(LinkConfig config) {
        if (config.join() == null) {
            return "";
        }
        try {
            return JoinString.grantOf(config.join()).scope().namespace();
        } catch (IllegalArgumentException opaque) {
            return ""; // what a token means is its relay's affair [LINK-32]
        }
    }

    boolean meets(RelayPlace other) {
        return isSpace(other.namespace) && relays.stream().anyMatch(other.relays::contains);
    }

    boolean meets(Peer relay) {
        return isSpace(relay.scope().namespace())
                && relays.contains(relay.principal().id());
    }

    private boolean isSpace(String other) {
        return namespace.isEmpty() || other.isEmpty() || namespace.equals(other);
    }
}
