package dev.culvert.link;

import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;

/** What became of a Hello's claim. <em>Immutable.</em> */
sealed interface Proof {
    /**
     * The dialler is who it says.
     *
     * @param nonce for the signature of Welcome
     * @param expiresAtMillis since the epoch, when the session must end
     */
    record Proved(Hello hello, byte[] nonce, Principal principal, Scope scope, long expiresAtMillis) implements Proof {}

    /** It is not, or it could not be decided. */
    record Unproved(Refusal refusal) implements Proof {}
}
