package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Credential;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Role;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.policy.Authenticator;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on a Hello: form, signature and time, then the authenticator, then whether it was seen before. Any thread, off the event
 * loops: checks signatures and may read files. Never throws for what a dialler sent.
 */
final class HelloProver {
    private static final Logger LOG = LoggerFactory.getLogger(HelloProver.class);
    private static final int NONCES_PER_PRINCIPAL = 4_096;
    private static final int NONCES_IN_ALL = 1 << 20;

    private final HelloCheck check;
    private final Authenticator authenticator;
    private final NonceCache nonces;
    private final InstantSource clock;

    HelloProver(AcceptorOptions options, Authenticator authenticator, InstantSource clock) {
        long nowMillis = clock.millis();
        this.check = new HelloCheck(options.key(), nowMillis);
        this.authenticator = authenticator;
        this.nonces = new NonceCache(2 * HelloCheck.TOLERANCE_MILLIS, NONCES_PER_PRINCIPAL, NONCES_IN_ALL, nowMillis);
        this.clock = clock;
    }

    Proof prove(SignedHello signed) {
        try {
            HelloCheck.Result result = check.check(signed, clock.millis());
            return result instanceof HelloCheck.Sound sound
                    ? authenticate(sound)
                    : new Proof.Unproved(((HelloCheck.Unsound) result).refusal());
        } catch (RuntimeException e) {
            LOG.error("the check of a Hello failed", e);
            return unproved(ErrorCode.INTERNAL, "the relay failed to check Hello (see its log)");
        }
    }

    private Proof authenticate(HelloCheck.Sound sound) {
        Authenticator.Verdict verdict = authenticator.authenticate(claim(sound));
        return verdict instanceof Authenticator.Accepted accepted
                ? admitNonce(sound, accepted)
                : refused((Authenticator.Refused) verdict);
    }

    private static Authenticator.Claim claim(HelloCheck.Sound sound) {
        Hello hello = sound.hello();
        Credential credential = hello.getCredential();
        return new Authenticator.Claim(
                sound.key(),
                unlessEmpty(credential.getJoin()),
                unlessEmpty(credential.getBearer()),
                credential.hasTicket() ? credential.getTicket().toByteArray() : null,
                hello.getNamespace(),
                hello.getNode());
    }

    private Proof admitNonce(HelloCheck.Sound sound, Authenticator.Accepted accepted) {
        if (sound.hello().getRole() == Role.ROLE_PEER && !accepted.scope().peer()) {
            String text = "role peer (expected: leaf; the credential does not permit to link as another relay)";
            return unproved(ErrorCode.DENIED, text);
        }
        if (sound.key() != null) {
            switch (nonces.add(accepted.principal(), sound.nonce(), clock.millis())) {
                case REPLAYED -> {
                    return unproved(ErrorCode.UNAUTHENTICATED, "this Hello was used before (expected: a new nonce)");
                }
                case FULL -> {
                    return new Proof.Unproved(
                            Refusals.busy("too many links in a short time (expected: fewer; retry later)"));
                }
                case FRESH -> {}
            }
        }
        return new Proof.Proved(
                sound.hello(), sound.nonce(), accepted.principal(), accepted.scope(), accepted.expiresAtMillis());
    }

    private static Proof refused(Authenticator.Refused refused) {
        return unproved(refused.code(), refused.text());
    }

    private static Proof unproved(ErrorCode code, String text) {
        return new Proof.Unproved(Refusals.of(code, text));
    }

    private static @Nullable String unlessEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
