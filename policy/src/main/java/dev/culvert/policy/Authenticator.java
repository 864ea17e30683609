package dev.culvert.policy;

import dev.culvert.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Decides who a dialler is and what it may do. Called off the event loops; may block on a file. Any thread. */
public interface Authenticator {
    /** Never throws for what a dialler sent; every doubt is a {@link Refused}. */
    Verdict authenticate(Claim claim);

    /**
     * What a dialler claims.
     *
     * @param publicKey 32 bytes, and the dialler has proved to hold its private half; null if it used none
     * @param join the join string's token, if it sent one
     * @param bearer the bearer token, if it sent one
     * @param ticket what a node gave it through a relay, for a direct link; null if it has none [DIRECT-3]
     * @param namespace what it asks for; empty for what the credential names
     * @param node the name that it gives itself
     */
    record Claim(
            byte @Nullable [] publicKey,
            @Nullable String join,
            @Nullable String bearer,
            byte @Nullable [] ticket,
            String namespace,
            String node) {
        /** Without a ticket. */
        public Claim(
                byte @Nullable [] publicKey,
                @Nullable String join,
                @Nullable String bearer,
                String namespace,
                String node) {
            this(publicKey, join, bearer, null, namespace, node);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Claim["
                    + (publicKey == null ? "no key" : Principal.ofKey(publicKey).id())
                    + (join == null ? "" : ", join string") + (bearer == null ? "" : ", bearer token")
                    + (ticket == null ? "" : ", ticket") + ", namespace '"
                    + Names.printable(namespace) + "', node '" + Names.printable(node) + "']";
        }
    }

    /** The answer. */
    sealed interface Verdict permits Accepted, Refused {}

    /** @param expiresAtMillis since the epoch, when links of this principal end; {@link Long#MAX_VALUE}: never */
    record Accepted(Principal principal, Scope scope, long expiresAtMillis) implements Verdict {}

    /** @param text for the peer: one line with the value, the expectation and the next step */
    record Refused(ErrorCode code, String text) implements Verdict {}
}
