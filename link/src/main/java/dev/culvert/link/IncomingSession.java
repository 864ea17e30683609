package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.SessionListener.Admission;
import dev.culvert.link.SessionListener.Admitted;
import dev.culvert.link.SessionListener.NotAdmitted;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Drain;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.link.proto.Welcome;
import dev.culvert.link.transport.IncomingLink;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session at the side that accepted its connection, from the first byte to the last: does what {@link AcceptorHandshake} decides. Owned
 * by its channel's event loop.
 */
final class IncomingSession implements SessionHandler, ControlStream.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingSession.class);

    private static final int RENEWAL_MILLIS = 3_600_000;

    private final IncomingLink link;
    private final Relay relay;
    private final AcceptorHandshake handshake = new AcceptorHandshake();
    private final MuxSession mux;
    private final ControlStream control;
    private final Future<?> deadline;
    private final Revocations revocations = new Revocations();
    private @Nullable Admitting admitting;
    private boolean established;
    private @Nullable ExpiryTimer expiry;

    /** What all sessions of an acceptor share. */
    interface Relay {
        AcceptorOptions options();

        LinkContext context();

        SessionEvents events();

        /** May block. */
        Proof prove(SignedHello hello);

        void onUp(IncomingSession session);

        void onOver(IncomingSession session, ErrorCode code, String reason);
    }

    /** From the proof on. */
    private record Admitting(Session session, Proof.Proved proved) {}

    /** On the channel's event loop, before the first byte is delivered. */
    IncomingSession(IncomingLink link, Relay relay) {
        this.link = link;
        this.relay = relay;
        LinkContext context = relay.context();
        this.mux = MuxSession.accept(link.channel(), relay.options().mux(), context.budget(), this);
        this.control = new ControlStream(mux, this);
        long millis = relay.options().handshakeMillis();
        this.deadline = mux.loop().schedule(() -> perform(handshake.onDeadline(millis)), millis, TimeUnit.MILLISECONDS);
    }

    /** Once admitted. */
    Session session() {
        return admitting().session();
    }

    private Admitting admitting() {
        Admitting now = admitting;
        if (now == null) {
            throw new IllegalStateException("no session before the proof");
        }
        return now;
    }

    /** Ends it if its peer is proved and fits, or refuses it once it is proved; on any thread. */
    void revoke(Predicate<Session> which, ErrorCode code, String text) {
        Hop.to(mux.loop(), () -> {
            if (handshake.state() == AcceptorHandshake.State.PROVING) {
                revocations.add(which, code, text);
            } else if (admitting != null && which.test(session())) {
                session().close(code, text);
            }
        });
    }

    MuxSession mux() {
        return mux;
    }

    @Override
    public StreamHandler onOpen(MuxStream stream) {
        if (established) {
            return relay.events().onStream(session(), stream);
        }
        control.stream(stream);
        return control;
    }

    @Override
    public void onMessage(Control message) throws ProtocolViolation {
        perform(handshake.onControl(message));
    }

    @Override
    public void onViolation(ProtocolViolation violation) {
        perform(handshake.onViolation(violation.code(), violation.text()));
    }

    /** Only the dialler can make a fresh session: ask it to. */
    @Override
    public void onIdsLow(MuxSession of) {
        Drain renew = Drain.newBuilder().setGraceMillis(RENEWAL_MILLIS).build();
        control.send(Control.newBuilder().setDrain(renew).build());
    }

    @Override
    public void onClosed(MuxSession closed, ErrorCode code, String reason) {
        deadline.cancel(false);
        control.end();
        if (expiry != null) {
            expiry.cancel();
        }
        if (handshake.onLost() instanceof AcceptorHandshake.Down) {
            relay.events().onDown(session(), code, reason);
        }
        relay.onOver(this, code, reason);
    }

    private void perform(AcceptorHandshake.Action action) {
        if (action instanceof AcceptorHandshake.Prove prove) {
            prove(prove.hello());
        } else if (action instanceof AcceptorHandshake.Admit admit) {
            admit(admit.proved());
        } else if (action instanceof AcceptorHandshake.Refuse refuse) {
            refuse(refuse.refusal());
        } else if (action instanceof AcceptorHandshake.Deliver deliver) {
            relay.events().onControl(session(), deliver.message());
        } else if (action instanceof AcceptorHandshake.Cut cut) {
            mux.close(cut.code(), cut.reason());
        } else if (action instanceof AcceptorHandshake.Down) {
            relay.events().onDown(session(), ErrorCode.LINK_LOST, "the connection ended during the handshake");
        }
    }

    private void prove(SignedHello hello) {
        if (!PeerLimits.sufficient(mux.localParameters())) {
            Refusal full = Refusals.busy("no memory left for another session (expected: fewer; retry later)");
            perform(handshake.onProof(new Proof.Unproved(full)));
            return;
        }
        try {
            relay.context().blocking().execute(() -> {
                Proof proof = relay.prove(hello);
                Hop.to(mux.loop(), () -> perform(handshake.onProof(proof)));
            });
        } catch (RejectedExecutionException e) {
            Refusal busy = Refusals.busy("too many handshakes at work (expected: fewer; retry later)");
            perform(handshake.onProof(new Proof.Unproved(busy)));
        }
    }

    private void admit(Proof.Proved proved) {
        Session session = new Session(mux, control, false, peer(proved));
        Refusal revoked = revocations.of(session);
        if (revoked != null) {
            perform(handshake.onNotAdmitted(revoked));
            return;
        }
        admitting = new Admitting(session, proved);
        PeerParameters own = mux.localParameters();
        relay.events().admit(session, proved.hello()).thenAccept(admission -> onAdmission(admission, own, proved));
    }

    private Session.Peer peer(Proof.Proved proved) {
        Hello hello = proved.hello();
        return new Session.Peer(
                hello.getNode(),
                InstanceBytes.parse(hello.getInstance()),
                hello.getAttempt(),
                hello.getRole(),
                proved.principal(),
                proved.scope(),
                link.remoteAddress(),
                proved.expiresAtMillis());
    }

    /** On any thread. */
    private void onAdmission(Admission admission, PeerParameters own, Proof.Proved proved) {
        if (admission instanceof NotAdmitted not) {
            Hop.to(mux.loop(), () -> perform(handshake.onNotAdmitted(not.refusal())));
            return;
        }
        AcceptorOptions options = relay.options();
        Welcome welcome = Welcomes.complete(((Admitted) admission).welcome(), options.node(), own, proved);
        Runnable sign = () -> {
            Control signed = Welcomes.signed(welcome, options.key(), proved.nonce());
            Hop.to(mux.loop(), () -> sendWelcome(signed, welcome));
        };
        try {
            relay.context().blocking().execute(sign);
        } catch (RejectedExecutionException e) {
            sign.run();
        }
    }

    private void sendWelcome(Control signed, Welcome welcome) {
        AcceptorHandshake.Action action = handshake.onAdmitted();
        if (action instanceof AcceptorHandshake.Welcome) {
            control.send(signed, () -> onWelcomeSent(welcome));
        } else {
            perform(action);
        }
    }

    private void onWelcomeSent(Welcome welcome) {
        if (!(handshake.onWelcomeSent() instanceof AcceptorHandshake.Up)) {
            return;
        }
        deadline.cancel(false);
        link.established();
        established = true;
        Hello hello = admitting().proved().hello();
        mux.establish(PeerLimits.of(hello.getParameters(), mux.profile()));
        relay.onUp(this);
        relay.events().onUp(session(), welcome);
        expiry = new ExpiryTimer(session(), relay.context().clock());
        expiry.start();
    }

    private void refuse(Refusal refusal) {
        LOG.info("link from {} refused: {}", link.remoteAddress(), refusal.getText());
        Control message = Control.newBuilder().setRefusal(refusal).build();
        control.sendLast(message, ErrorCode.of(refusal.getCode()), refusal.getText());
    }
}
