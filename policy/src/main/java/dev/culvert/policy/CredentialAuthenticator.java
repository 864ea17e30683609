package dev.culvert.policy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in who proves something: a key that a join string enrols or has enrolled, or a bearer token from the operator's list. <em>Any
 * thread.</em> The principal is the key, or the name of the token.
 */
public final class CredentialAuthenticator implements Authenticator {
    /** Revocations made by another process are seen within this; with the rest of the way, well under a second. */
    private static final long POLL_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(CredentialAuthenticator.class);

    private final Invites invites;
    private final @Nullable BearerTokens tokens;

    /** @param tokens null: bearer tokens are refused */
    public CredentialAuthenticator(Invites invites, @Nullable BearerTokens tokens) {
        this.invites = invites;
        this.tokens = tokens;
    }

    @Override
    public Verdict authenticate(Claim claim) {
        Verdict verdict = judge(claim);
        if (verdict instanceof Accepted accepted && !claim.namespace().isEmpty()) {
            String granted = accepted.scope().namespace();
            return claim.namespace().equals(granted) ? accepted : Refusals.otherNamespace(claim.namespace(), granted);
        }
        return verdict;
    }

    /**
     * What a credential permits that is shown with one request, without a key: a join string or its token part, or a bearer token. A join
     * string enrols nobody here and its uses are not counted; it serves as long as it would still enrol a key. Does not block.
     */
    public Verdict present(String credential) {
        JoinToken token;
        try {
            token = JoinToken.parse(
                    credential.startsWith("culvert")
                            ? JoinString.parse(credential).token()
                            : credential);
        } catch (IllegalArgumentException notAJoinString) {
            return tokens == null ? Refusals.unknownToken() : tokens.admit(credential);
        }
        return invites.present(token);
    }

    /**
     * What a certificate permits that a caller at the gateway has proved to hold. Does not block.
     *
     * @param names that stand in it, the first counts first
     */
    public Verdict presentCertificate(List<String> names) {
        return tokens == null ? Refusals.unknownCertificate(names) : tokens.admitCertificate(names);
    }

    /**
     * Tells the listener, from now until the result is closed, who loses access: by revocation within a quarter of a second (a line of
     * the token file: half a second), whichever process revoked, and at the moment when a grant ends.
     */
    public AutoCloseable watch(ScheduledExecutorService executor, AccessListener listener) {
        invites.listen(listener);
        if (tokens != null) {
            tokens.listen(listener);
        }
        ScheduledFuture<?> polling =
                executor.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        return () -> polling.cancel(false);
    }

    private Verdict judge(Claim claim) {
        if (claim.bearer() != null) {
            return tokens == null ? Refusals.noTokens() : tokens.admit(claim.bearer());
        }
        if (claim.join() != null) {
            return invites.enrol(claim.join(), claim.publicKey(), claim.node());
        }
        return claim.publicKey() == null ? Refusals.nothingShown() : invites.admit(claim.publicKey());
    }

    private void poll() {
        try {
            invites.poll();
            if (tokens != null) {
                tokens.poll();
            }
        } catch (IOException e) {
            LOG.error("state directory not read, revocations made elsewhere are not seen: {}", FileFault.text(e));
        } catch (RuntimeException e) {
            LOG.error("state directory not read, revocations made elsewhere are not seen", e);
        }
    }
}
