package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.transport.IncomingLink;
import dev.culvert.link.transport.LinkAcceptor;
import dev.culvert.policy.Authenticator;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The accepting side of links: proves who dials, and keeps the sessions that result. Any thread. Several link ports may share one.
 * Hand it to {@link dev.culvert.link.transport.LinkPort#bind}.
 */
public final class SessionAcceptor implements LinkAcceptor, AutoCloseable {
    public SessionAcceptor(
            AcceptorOptions options, Authenticator authenticator, SessionListener listener, LinkContext context) {}

    @Override
    public void onLink(IncomingLink link) {
        throw new UnsupportedOperationException();
    }

    /** The sessions that are up now. A snapshot. */
    public Collection<Session> sessions() {
        throw new UnsupportedOperationException();
    }

    /** Tells the sessions that match that their credential is no longer good, and ends them within one second. [CTRL-5] */
    public void revoke(Predicate<Session> which, ErrorCode code, String text) {
        throw new UnsupportedOperationException();
    }

    /** Refuses new links from now on, takes leave of all sessions as planned, and completes when the last has ended. */
    public CompletionStage<Void> drain(DrainPlan plan) {
        throw new UnsupportedOperationException();
    }

    /** Ends all sessions now and refuses new ones. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
