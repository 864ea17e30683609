package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.link.transport.IncomingLink;
import dev.culvert.link.transport.LinkAcceptor;
import dev.culvert.policy.Authenticator;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The accepting side of links: proves who dials, and keeps the sessions that result. Any thread. Several link ports may share one.
 * Hand it to {@link dev.culvert.link.transport.LinkPort#bind}.
 */
public final class SessionAcceptor implements LinkAcceptor, AutoCloseable {
    private final AcceptorOptions options;
    private final LinkContext context;
    private final HelloProver prover;
    private final SessionEvents events;
    private final Set<IncomingSession> connected = ConcurrentHashMap.newKeySet();
    private final Set<Session> up = ConcurrentHashMap.newKeySet();
    private final Emptied emptied = new Emptied();
    private volatile @Nullable Refusal closedFor;
    private volatile @Nullable DrainPlan draining;

    public SessionAcceptor(
            AcceptorOptions options, Authenticator authenticator, SessionListener listener, LinkContext context) {
        this.options = options;
        this.context = context;
        this.prover = new HelloProver(options, authenticator, context.clock());
        this.events = new SessionEvents(listener);
    }

    @Override
    public void onLink(IncomingLink link) {
        take(link, options, null);
    }

    private void take(IncomingLink link, AcceptorOptions terms, @Nullable Outcome outcome) {
        emptied.onAdded();
        connected.add(new IncomingSession(link, new ForOne(terms, outcome)));
    }

    /** What becomes of a connection that was attached. On its event loop; exactly one call. */
    public interface Outcome {
        void onUp(Session session);

        /** It came to nothing and is closed. */
        void onFailed(ErrorCode code, String reason);
    }

    /**
     * Takes a connection that the caller got himself, for example from {@link dev.culvert.link.transport.AttachedStream}.
     *
     * @param name for log lines and status
     * @param handshakeMillis from now to Welcome
     */
    public void attach(String name, long handshakeMillis, Future<Channel> connection, Outcome outcome) {
        connection.addListener(done -> {
            if (done.isSuccess()) {
                Channel channel = connection.getNow();
                take(new Attached(name, channel), options.withHandshakeMillis(handshakeMillis), outcome);
                channel.config().setAutoRead(true);
            } else {
                outcome.onFailed(
                        ErrorCode.NO_ROUTE,
                        PeerText.oneLine(String.valueOf(done.cause().getMessage())));
            }
        });
    }

    /** The sessions that are up now. A snapshot. */
    public Collection<Session> sessions() {
        return Set.copyOf(up);
    }

    /** Tells the sessions that match that their credential is no longer good, and ends them within one second. [CTRL-5] */
    public void revoke(Predicate<Session> which, ErrorCode code, String text) {
        for (IncomingSession session : connected) {
            session.revoke(which, code, text);
        }
    }

    /** Refuses new links from now on, takes leave of all sessions as planned, and completes when the last has ended. */
    public CompletionStage<Void> drain(DrainPlan plan) {
        closedFor = Refusals.draining(plan);
        draining = plan;
        for (Session session : up) {
            Leave.take(session, plan);
        }
        return emptied.whenEmpty();
    }

    /** Ends all sessions now and refuses new ones. Idempotent. */
    @Override
    public void close() {
        closedFor = Refusals.of(ErrorCode.DRAINING, "the relay is closed (expected: another relay, or later)");
        for (IncomingSession session : connected) {
            Hop.to(session.mux().loop(), () -> session.mux().close(ErrorCode.DRAINING, "the relay is closed"));
        }
    }

    /** There is no port that waits for it. <em>Immutable.</em> */
    private record Attached(String remoteAddress, Channel channel) implements IncomingLink {
        @Override
        public String transport() {
            return "attached";
        }

        @Override
        public void established() {
            // no place to give back
        }
    }

    /** What this acceptor is to one of its sessions, and who waits for its outcome. Owned by the session's event loop. */
    private final class ForOne implements IncomingSession.Relay {
        private final AcceptorOptions terms;
        private @Nullable Outcome outcome;

        ForOne(AcceptorOptions terms, @Nullable Outcome outcome) {
            this.terms = terms;
            this.outcome = outcome;
        }

        @Override
        public AcceptorOptions options() {
            return terms;
        }

        @Override
        public LinkContext context() {
            return context;
        }

        @Override
        public SessionEvents events() {
            return events;
        }

        @Override
        public Proof prove(SignedHello hello) {
            Refusal refusal = closedFor;
            return refusal == null ? prover.prove(hello) : new Proof.Unproved(refusal);
        }

        @Override
        public void onUp(IncomingSession session) {
            up.add(session.session());
            DrainPlan plan = draining;
            if (plan != null) {
                Leave.take(session.session(), plan);
            }
            if (outcome != null) {
                outcome.onUp(session.session());
                outcome = null;
            }
        }

        @Override
        public void onOver(IncomingSession session, ErrorCode code, String reason) {
            connected.remove(session);
            up.removeIf(one -> one.mux() == session.mux());
            emptied.onRemoved();
            if (outcome != null) {
                outcome.onFailed(code, reason);
                outcome = null;
            }
        }
    }
}
