package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Revoked;
import dev.culvert.link.proto.Role;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session at the side that dialled its connection, from Hello to its end. Owned by its channel's event loop. Signing and checking take
 * a fraction of a millisecond and are done there, so that nothing can come between Welcome and what follows it.
 */
final class OutgoingSession implements SessionHandler, ControlStream.Owner {
    private final Order order;
    private final Owner owner;
    private final String remoteAddress;
    private final MuxSession mux;
    private final ControlStream control;
    private final Future<?> deadline;
    private @Nullable Session session;
    private @Nullable Failure failure;
    private boolean settled;

    /**
     * What to say. <em>Immutable.</em>
     *
     * @param hello complete but for the parameters of the session and the signature
     * @param clock the time of day, corrected as the relay once said
     */
    record Order(
            DiallerHandshake handshake, Hello hello, LinkOptions options, LinkContext context, InstantSource clock) {}

    /** The link. Called on the session's event loop; of the first three exactly one call comes, and exactly once. */
    interface Owner {
        void onUp(OutgoingSession session, Welcome welcome);

        void onClockOff(Failure failure, long correctionMillis);

        void onFailed(Failure failure);

        /** The session will not last: link anew. */
        void onMove(OutgoingSession session, Control drain);

        /** After {@link #onUp}. */
        void onDown(OutgoingSession session, Failure failure);

        SessionEvents events();
    }

    private OutgoingSession(Channel channel, String remoteAddress, Order order, Owner owner) {
        this.order = order;
        this.owner = owner;
        this.remoteAddress = remoteAddress;
        LinkOptions options = order.options();
        this.mux = MuxSession.dial(
                channel, Profile.X, options.mux(), order.context().budget(), this);
        this.control = new ControlStream(mux, this);
        control.stream(mux.openControl(control));
        long millis = options.timing().handshakeMillis();
        this.deadline = mux.loop().schedule(() -> onDeadline(millis), millis, TimeUnit.MILLISECONDS);
    }

    /** Sends Hello over {@code channel}; on its event loop. */
    static OutgoingSession start(Channel channel, String remoteAddress, Order order, Owner owner) {
        OutgoingSession session = new OutgoingSession(channel, remoteAddress, order, owner);
        Hello hello = order.hello().toBuilder()
                .setParameters(PeerLimits.describe(session.mux.localParameters()))
                .build();
        session.control.send(order.handshake().hello(hello, order.clock().millis()));
        return session;
    }

    MuxSession mux() {
        return mux;
    }

    /** Once up. */
    Session session() {
        return Objects.requireNonNull(session, "no session before Welcome");
    }

    @Override
    public StreamHandler onOpen(MuxStream stream) {
        return owner.events().onStream(session(), stream);
    }

    @Override
    public void onMessage(Control message) throws ProtocolViolation {
        if (session != null) {
            onControl(session, message);
        } else if (!settled) {
            onAnswer(
                    order.handshake().onControl(message, order.context().clock().millis()));
        }
    }

    private void onAnswer(DiallerHandshake.Answer answer) {
        if (answer instanceof DiallerHandshake.Welcomed welcomed) {
            up(welcomed.welcome());
        } else if (answer instanceof DiallerHandshake.Refused refused) {
            fail(Failure.of(refused.refusal()));
        } else if (answer instanceof DiallerHandshake.Impostor impostor) {
            fail(Failure.impostor(impostor.reason()));
        } else if (answer instanceof DiallerHandshake.ClockOff off) {
            settle();
            owner.onClockOff(Failure.of(off.refusal()), off.correctionMillis());
            mux.close(ErrorCode.OK, "to connect again with the relay's time");
        }
    }

    private void up(Welcome welcome) {
        settle();
        Session now = new Session(mux, control, true, peer(welcome));
        session = now;
        mux.establish(PeerLimits.of(welcome.getParameters(), Profile.X));
        owner.onUp(this, welcome);
        owner.events().onUp(now, welcome);
    }

    private Session.Peer peer(Welcome welcome) {
        Scope scope = new Scope(welcome.getNamespace(), NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, true);
        return new Session.Peer(
                welcome.getNode(),
                InstanceBytes.parse(welcome.getBootId()),
                order.hello().getAttempt(),
                Role.ROLE_PEER,
                order.handshake().relayPrincipal(),
                scope,
                remoteAddress,
                Long.MAX_VALUE);
    }

    private void onControl(Session now, Control message) {
        if (message.hasRevoked()) {
            Revoked revoked = message.getRevoked();
            failure = Failure.revoked(ErrorCode.of(revoked.getCode()), revoked.getText());
        }
        owner.events().onControl(now, message);
        if (message.hasDrain()) {
            owner.onMove(this, message);
        }
    }

    @Override
    public void onViolation(ProtocolViolation violation) {
        mux.close(violation.code(), violation.text());
    }

    @Override
    public void onGoAway(MuxSession from, int code) {
        if (session != null && code == ErrorCode.OK.number()) {
            owner.onMove(this, Control.getDefaultInstance());
        }
    }

    @Override
    public void onIdsLow(MuxSession of) {
        owner.onMove(this, Control.getDefaultInstance());
    }

    private void onDeadline(long millis) {
        fail(Failure.passing(ErrorCode.DEADLINE, "the relay did not answer Hello within " + millis + " ms"));
    }

    private void fail(Failure why) {
        settle();
        owner.onFailed(why);
        mux.close(ErrorCode.OK, why.reason());
    }

    private void settle() {
        settled = true;
        deadline.cancel(false);
    }

    @Override
    public void onClosed(MuxSession closed, ErrorCode code, String reason) {
        control.end();
        Session now = session;
        if (now != null) {
            Failure why = failure == null ? Failure.passing(code, reason) : failure;
            owner.events().onDown(now, why.code(), why.reason());
            owner.onDown(this, why);
        } else if (!settled) {
            settle();
            owner.onFailed(Failure.passing(code, "during the handshake: " + reason + hint(code)));
        }
    }

    /** A port that takes TLS only ends what does not begin as TLS, without a word that could be read. */
    private String hint(ErrorCode code) {
        boolean clear = mux.channel() instanceof SocketChannel
                && mux.channel().pipeline().get(SslHandler.class) == null;
        return clear && code == ErrorCode.LINK_LOST
                ? " (a link in clear; if the relay listens with TLS, its join string begins with culvert:// or culvert+wss://)"
                : "";
    }
}
