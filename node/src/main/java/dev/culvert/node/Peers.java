package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Identity;
import dev.culvert.api.SessionRequest;
import dev.culvert.link.PeerText;
import dev.culvert.link.Session;
import dev.culvert.link.SessionListener;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.Register;
import dev.culvert.link.proto.RegisterResult;
import dev.culvert.link.proto.Registration;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The sessions of this node in both directions, and what becomes of their messages. Any thread; calls come on each session's loop. */
final class Peers implements SessionListener {
    /** Reasons in a Welcome, which has a limit; codes have room in any case. [LINK-11] */
    private static final int WELCOME_TEXT_BYTES = 32 * 1024;

    private final Switchboard board;
    private final Registrar registrar;
    private final Uplinks uplinks;
    private final SessionContext context;
    private final NodeListener listener;
    private final Map<Session, Known> known;
    private final AtomicLong ids;
    private final List<Observer> observers;
    private final boolean direct;

    Peers(Switchboard board, Registrar registrar, Uplinks uplinks, SessionContext context) {
        this.board = board;
        this.registrar = registrar;
        this.uplinks = uplinks;
        this.context = context;
        this.listener = context.listener();
        this.known = new ConcurrentHashMap<>();
        this.ids = new AtomicLong();
        this.observers = new CopyOnWriteArrayList<>();
        this.direct = false;
    }

    private Peers(Peers whole, Uplinks uplinks, boolean direct) {
        this.board = whole.board;
        this.registrar = whole.registrar;
        this.uplinks = uplinks;
        this.context = whole.context;
        this.listener = whole.listener;
        this.known = whole.known;
        this.ids = whole.ids;
        this.observers = whole.observers;
        this.direct = direct;
    }

    /** Sessions that are counted among these, and whose relays {@code others} hears of. */
    Peers with(Uplinks others) {
        return new Peers(this, others, false);
    }

    /** As {@link #with}, for direct links that this node dials: nothing may come in by them. */
    Peers withDirect(Uplinks others) {
        return new Peers(this, others, true);
    }

    /** Hears of sessions. On the loop of each. */
    interface Observer {
        void onUp(Peer peer);

        /** After {@link #onUp}. */
        void onDown(Peer peer);
    }

    /** The result ends it. */
    Runnable observe(Observer observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    /** A peer, what it is in the registry, and to embedders. */
    private record Known(Peer peer, Member member, PeerSession face) {
        static Known of(long id, Session session, Identity identity, SessionContext context) {
            Peer peer = Peer.of(id, session, context.limits());
            peer.gate(context.gate().streams(peer, identity));
            Member member = new Member(
                    id, peer.principal(), peer.scope(), peer.node(), session.peerInstance(), session.attempt(), peer);
            return new Known(peer, member, new PeerSession(peer, identity.id(), context));
        }
    }

    @Override
    public CompletionStage<Admission> admit(Session session, Hello hello) {
        int most = context.limits().servicesPerSession();
        if (hello.getServicesCount() > most) {
            return CompletableFuture.completedFuture(notAdmitted(
                    ErrorCode.TOO_LARGE,
                    "Hello with " + hello.getServicesCount() + " services (expected: at most " + most
                            + " in a session)",
                    0));
        }
        Identity identity =
                new Identity(hello.getIdentity(), hello.getIdentityToken().toByteArray());
        if (!context.gate().checksSessions()) {
            return admit(session, hello, identity);
        }
        List<String> services =
                hello.getServicesList().stream().map(Registration::getService).toList();
        SessionRequest request = new SessionRequest(
                session.peerNode(),
                session.peer().id(),
                session.namespace(),
                identity.id(),
                identity.token(),
                session.remoteAddress(),
                services);
        return context.gate()
                .session(request)
                .thenCompose(verdict -> verdict.isAccepted()
                        ? admit(session, hello, identity)
                        : CompletableFuture.completedStage(notAdmitted(verdict.code(), verdict.text(), 0)));
    }

    private CompletionStage<Admission> admit(Session session, Hello hello, Identity identity) {
        Known one = Known.of(ids.incrementAndGet(), session, identity, context);
        if (hello.getCredential().hasTicket()) {
            markDirect(one.peer(), hello.getCredential().getTicket().toByteArray());
        }
        known.put(session, one);
        List<Offer> offers = hello.getServicesList().stream().map(Offer::of).toList();
        return registrar
                .admit(one.member(), offers, new HashSet<>(hello.getLeavingList()))
                .thenApply(decision -> {
                    if (decision instanceof Registrar.In in) {
                        return new Admitted(welcome(in));
                    }
                    known.remove(session);
                    Registrar.Out out = (Registrar.Out) decision;
                    return notAdmitted(out.code(), out.text(), TimeUnit.NANOSECONDS.toMillis(out.retryAfterNanos()));
                });
    }

    private void markDirect(Peer peer, byte[] ticket) {
        DirectDesk desk = board.direct();
        peer.markDirect();
        if (desk != null) {
            peer.lease(new DirectLease(peer, desk, desk.leftMillis(peer, ticket)));
        }
    }

    private static NotAdmitted notAdmitted(ErrorCode code, String text, long retryAfterMillis) {
        return new NotAdmitted(Refusal.newBuilder()
                .setCode(code.number())
                .setText(PeerText.oneLine(text))
                .setRetryHelps(code.retryHelps())
                .setRetryAfterMillis((int) retryAfterMillis)
                .build());
    }

    private Welcome welcome(Registrar.In in) {
        Welcome.Builder welcome = Welcome.newBuilder().setNode(board.node());
        int left = WELCOME_TEXT_BYTES;
        for (Registrar.Answer answer : in.answers()) {
            RegisterResult result = result(answer);
            left -= result.getTextBytes().size();
            welcome.addResults(left < 0 ? result.toBuilder().clearText() : result.toBuilder());
        }
        return welcome.build();
    }

    private static RegisterResult result(Registrar.Answer answer) {
        return RegisterResult.newBuilder()
                .setId(answer.offer().id())
                .setCode(answer.outcome().code().number())
                .setText(PeerText.oneLine(answer.outcome().text()))
                .setPublicPort(answer.publicPort())
                .build();
    }

    @Override
    public void onUp(Session session, Welcome welcome) {
        Known one = known.computeIfAbsent(session, s -> Known.of(ids.incrementAndGet(), s, Identity.NONE, context));
        if (direct) {
            one.peer().markDirect();
        }
        one.peer().markUp();
        if (session.dialled()) {
            uplinks.onUp(one.peer(), session.remoteAddress(), welcome.getResultsList());
        } else {
            listener.onPeerUp(session.peerNode(), session.peer().id(), session.remoteAddress());
        }
        observers.forEach(observer -> observer.onUp(one.peer()));
        listener.onSessionOpen(one.face());
    }

    @Override
    public StreamHandler onStream(Session session, MuxStream stream) {
        Known one = known.get(session);
        if (one == null) {
            throw new IllegalStateException("a stream of a session that is not up: " + session.remoteAddress());
        }
        return Inbound.on(board, one.peer(), stream);
    }

    @Override
    public void onControl(Session session, Control message) {
        Known one = known.get(session);
        if (one == null) {
            return;
        }
        switch (message.getMessageCase()) {
            case REGISTER -> onRegister(one, message.getRegister());
            case UNREGISTER -> {
                if (!session.dialled()) {
                    registrar.unregister(one.member(), message.getUnregister().getId());
                }
            }
            case REGISTER_RESULT -> uplinks.onResult(one.peer(), message.getRegisterResult());
            case WITHDRAWN -> uplinks.onWithdrawn(one.peer(), message.getWithdrawn());
            case DRAIN -> one.peer().markLeaving();
            case RENEW -> renew(one.peer(), message.getRenew().getTicket().toByteArray());
            default -> {
                // What this version does not know, or what link has dealt with. [LINK-11]
            }
        }
    }

    private static void renew(Peer peer, byte[] ticket) {
        DirectLease lease = peer.lease();
        if (lease != null) {
            lease.renew(ticket);
        }
    }

    private void onRegister(Known one, Register message) {
        if (one.peer().isUpstream()) {
            return;
        }
        registrar.register(one.member(), Offer.of(message.getRegistration())).thenAccept(answer -> {
            Control reply =
                    Control.newBuilder().setRegisterResult(result(answer)).build();
            Hop.to(one.peer().loop(), () -> {
                if (known.containsKey(one.peer().session())) {
                    one.peer().session().send(reply);
                }
            });
        });
    }

    @Override
    public void onDown(Session session, ErrorCode code, String reason) {
        Known one = known.remove(session);
        if (one == null) {
            return;
        }
        boolean wasUp = one.peer().wasUp();
        one.peer().markDown();
        if (session.dialled()) {
            uplinks.onDown(one.peer());
        } else {
            registrar.down(one.member(), code != ErrorCode.OK);
            listener.onPeerDown(session.peerNode(), code, reason);
        }
        if (wasUp) {
            observers.forEach(observer -> observer.onDown(one.peer()));
            listener.onSessionClose(one.face(), code, reason);
        }
    }

    /** A session as embedders see it; null if it is not up any more. */
    dev.culvert.api.@Nullable Session face(Session session) {
        Known one = known.get(session);
        return one != null && one.peer().isUp() ? one.face() : null;
    }

    /** The sessions that are up, for embedders. A snapshot. */
    List<dev.culvert.api.Session> sessions() {
        return known.values().stream()
                .filter(one -> one.peer().isUp())
                .<dev.culvert.api.Session>map(Known::face)
                .toList();
    }

    /** The sessions that are up. A snapshot. */
    Collection<Peer> all() {
        return known.values().stream().map(Known::peer).toList();
    }
}
