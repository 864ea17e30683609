package dev.culvert.node;

import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.util.UUID;

/**
 * One who registers services: a session that was admitted, or this node itself. <em>Immutable.</em>
 *
 * @param id of this session, unique in this process
 * @param principal who it was proved to be
 * @param scope what it may register
 * @param node the name that it gives itself
 * @param instance of its process
 * @param attempt rises with each session of an instance
 * @param exit leads to it
 */
record Member(long id, Principal principal, Scope scope, String node, UUID instance, long attempt, Exit exit) {
    String namespace() {
        return scope.namespace();
    }

    /** Whether both are the same node of the same owner, perhaps in another life. */
    boolean sameNode(Member other) {
        return principal.equals(other.principal)
                && node.equals(other.node)
                && namespace().equals(other.namespace());
    }

    /** Whether both are sessions of the same process. */
    boolean sameInstance(Member other) {
        return sameNode(other) && instance.equals(other.instance);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Member that && id == that.id;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }
}
