package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.Identity;
import dev.culvert.policy.IdentityKey;

/**
 * Who a node is. <em>Immutable.</em>
 *
 * @param key proves it
 * @param name the node's name
 * @param namespace of the services that it offers itself and of the names that it dials; at an agent empty: the one that the
 *     credential names
 * @param application what it calls itself towards applications at its relays
 */
public record NodeIdentity(IdentityKey key, String name, String namespace, Identity application) {
    /** The namespace of those who named none. */
    public static final String DEFAULT_NAMESPACE = "default";

    public NodeIdentity {
        if (!Address.isNodeName(name)) {
            throw new IllegalArgumentException("node name '" + name
                    + "' (expected: a-z, 0-9 and inner hyphens, at most 63; choose one with --name)");
        }
        if (!namespace.isEmpty() && !Address.isNodeName(namespace)) {
            throw new IllegalArgumentException(
                    "namespace '" + namespace + "' (expected: a-z, 0-9 and inner hyphens, at most 63)");
        }
    }

    /** Calls itself nothing. */
    public NodeIdentity(IdentityKey key, String name, String namespace) {
        this(key, name, namespace, Identity.NONE);
    }
}
