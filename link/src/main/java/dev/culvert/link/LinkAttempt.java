package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Welcome;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a link and the session on it. Owned by its link's event loop; what happens on the session's loop hops there.
 */
final class LinkAttempt {
    /** How long an old session still takes streams: what was opened while routes moved. */
    private static final long SETTLE_MILLIS = 1_000;

    private final LinkParts parts;
    private final Told told;
    private final EventLoop loop;
    private final Terms terms;
    private @Nullable Future<Channel> opening;
    private volatile @Nullable OutgoingSession running;
    private volatile boolean cancelled;
    private boolean leaving;

    /**
     * What is settled before the connection. <em>Immutable.</em>
     *
     * @param number the attempt that Hello names
     * @param correctionMillis what is added to our time of day for this relay
     * @param leaving attempts of older sessions to it that are let end
     */
    record Terms(long number, RelayTarget target, long correctionMillis, List<Long> leaving) {}

    /** The link. On its event loop; the calls of {@link OutgoingSession.Owner}. */
    interface Told {
        void onUp(LinkAttempt attempt, Welcome welcome);

        void onClockOff(LinkAttempt attempt, Failure failure, long correctionMillis);

        void onFailed(LinkAttempt attempt, Failure failure);

        void onMove(LinkAttempt attempt, Control drain);

        void onDown(LinkAttempt attempt, Failure failure);
    }

    LinkAttempt(Terms terms, LinkParts parts, EventLoop loop, Told told) {
        this.terms = terms;
        this.parts = parts;
        this.loop = loop;
        this.told = told;
    }

    long number() {
        return terms.number();
    }

    /** Takes the connection that is being made. */
    void start(Future<Channel> channel) {
        opening = channel;
        channel.addListener(done -> {
            if (done.isSuccess()) {
                onConnected(channel.getNow());
            } else if (!cancelled) {
                Failure failure = Failure.of(done.cause());
                Hop.to(loop, () -> told.onFailed(this, failure));
            }
        });
    }

    /** On the channel's event loop. */
    private void onConnected(Channel channel) {
        if (cancelled) {
            channel.close();
            return;
        }
        DiallerHandshake handshake = new DiallerHandshake(
                parts.options().credentials().key(), terms.target().key(), parts.nonce());
        InstantSource clock =
                InstantSource.offset(parts.context().clock(), Duration.ofMillis(terms.correctionMillis()));
        OutgoingSession.Order order = new OutgoingSession.Order(
                handshake, parts.hello(terms.number(), terms.leaving()), parts.options(), parts.context(), clock);
        running = OutgoingSession.start(channel, terms.target().toString(), order, new Relayed());
        channel.config().setAutoRead(true);
        if (cancelled) {
            cancel();
        }
    }

    /** Ends it, whatever it has come to. Nothing more is told but {@code onDown} of a session that was up. */
    void cancel() {
        cancelled = true;
        if (opening != null) {
            opening.cancel(false);
        }
        OutgoingSession now = running;
        if (now != null) {
            Hop.to(now.mux().loop(), () -> now.mux().close(ErrorCode.OK, "the link was closed"));
        }
    }

    /** Once up. */
    Session session() {
        return Objects.requireNonNull(running, "no session yet").session();
    }

    /** Lets the session end with its streams, since another has taken over. Of effect once. */
    void leave() {
        if (!leaving) {
            leaving = true;
            Leave.quietly(session(), SETTLE_MILLIS, parts.options().timing().leaveMillis());
        }
    }

    /** Announces the end of the session, and lets it come as planned. */
    void leave(DrainPlan plan) {
        leaving = true;
        Leave.take(session(), plan);
    }

    /** From the session's event loop to the link's. */
    private final class Relayed implements OutgoingSession.Owner {
        @Override
        public void onUp(OutgoingSession session, Welcome welcome) {
            running = session;
            Hop.to(loop, () -> told.onUp(LinkAttempt.this, welcome));
        }

        @Override
        public void onClockOff(Failure failure, long correctionMillis) {
            if (!cancelled) {
                Hop.to(loop, () -> told.onClockOff(LinkAttempt.this, failure, correctionMillis));
            }
        }

        @Override
        public void onFailed(Failure failure) {
            if (!cancelled) {
                Hop.to(loop, () -> told.onFailed(LinkAttempt.this, failure));
            }
        }

        @Override
        public void onMove(OutgoingSession session, Control drain) {
            Hop.to(loop, () -> told.onMove(LinkAttempt.this, drain));
        }

        @Override
        public void onDown(OutgoingSession session, Failure failure) {
            Hop.to(loop, () -> told.onDown(LinkAttempt.this, failure));
        }

        @Override
        public SessionEvents events() {
            return parts.events();
        }
    }
}
