package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.RetryPolicy;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Welcome;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standing relation to one relay: connects, proves, keeps alive and reconnects until closed or refused. The public face may be used
 * from any thread; everything else is owned by the link's event loop. What to do next is decided by {@link LinkCourse}.
 */
public final class Link implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RelayTarget target;
    private final ChannelSource source;
    private final LinkParts parts;
    private final Watcher watcher;
    private final EventLoop loop;
    private final LinkCourse course;
    private final List<LinkAttempt> leaving = new ArrayList<>();
    private final LinkAttempt.Told told = new Events();
    private @Nullable LinkAttempt next;
    private @Nullable LinkAttempt current;
    private @Nullable Future<?> timer;
    private volatile @Nullable Session session;
    private long correctionMillis;
    private long startedNanos;
    private long upNanos;
    private boolean ended;

    Link(RelayTarget target, ChannelSource source, LinkParts parts, Watcher watcher) {
        this.target = target;
        this.source = source;
        this.parts = parts;
        this.watcher = watcher;
        this.loop = parts.context().loops().next();
        this.course = new LinkCourse(
                new BackOff(parts.options().timing(), parts.context().random()));
    }

    /** The set that the link belongs to. On the link's event loop. */
    interface Watcher {
        void onUp(Link link, Session session, Welcome welcome);

        /** The session in force will end, or has; the next is on its way. */
        void onUnsteady(Link link, Control drain);

        /** No attempts will follow. */
        void onOver(Link link, ErrorCode code);

        /** It is over and its last session has ended. Last call. */
        void onEnded(Link link);
    }

    public RelayTarget target() {
        return target;
    }

    /** The session in force, if the link is up now. */
    public Optional<Session> session() {
        return Optional.ofNullable(session);
    }

    /** Whether the session in force is one to that start of a relay. */
    boolean leadsTo(UUID bootId) {
        Session now = session;
        return now != null && now.peerInstance().equals(bootId);
    }

    void start() {
        Hop.to(loop, this::connect);
    }

    /** Ends the session and never connects again. Idempotent. */
    @Override
    public void close() {
        Hop.to(loop, () -> {
            stop(ErrorCode.OK);
            if (current != null) {
                current.cancel();
            }
            leaving.forEach(LinkAttempt::cancel);
            maybeEnded();
        });
    }

    /** Connects no more and takes leave of its session. */
    void drain(DrainPlan plan) {
        Hop.to(loop, () -> {
            stop(ErrorCode.OK);
            if (current != null) {
                current.leave(plan);
            }
            maybeEnded();
        });
    }

    /** The session in force is about to end and others of the node's links carry its routes: lets it go. */
    void letGo() {
        Hop.to(loop, () -> {
            if (current != null && course.state() != LinkCourse.State.RESTING) {
                current.leave();
            }
        });
    }

    private void connect() {
        if (course.state() == LinkCourse.State.OVER) {
            return;
        }
        long number = parts.options().node().nextAttempt();
        tell(listener -> listener.onConnecting(this, number));
        LinkAttempt.Terms terms = new LinkAttempt.Terms(number, target, correctionMillis, stillThere());
        LinkAttempt attempt = new LinkAttempt(terms, parts, loop, told);
        next = attempt;
        startedNanos = nowNanos();
        attempt.start(source.open(this::onStep));
    }

    private List<Long> stillThere() {
        List<Long> attempts = new ArrayList<>();
        leaving.forEach(one -> attempts.add(one.number()));
        if (current != null) {
            attempts.add(current.number());
        }
        return attempts;
    }

    private void onStep(String step, String detail, long nanos) {
        Hop.to(loop, () -> {
            startedNanos = nowNanos();
            tell(listener -> listener.onStep(this, step, detail, nanos));
        });
    }

    private void perform(LinkCourse.Move move) {
        if (move instanceof LinkCourse.Connect) {
            connect();
        } else if (move instanceof LinkCourse.Wait wait) {
            await(wait);
        } else if (move instanceof LinkCourse.Stop stop) {
            Failure failure = stop.failure();
            LOG.info("link to {} is over: {} {}", target, failure.code(), failure.reason());
            stop(failure.code());
            tell(listener -> listener.onRefused(this, failure.code(), failure.reason()));
            maybeEnded();
        }
    }

    private void await(LinkCourse.Wait wait) {
        RetryPolicy policy = parts.options().retry();
        if (policy.equals(RetryPolicy.DEFAULT) || wait.inARow() == 0) {
            await(wait.failure(), wait.millis());
            return;
        }
        try {
            parts.context().blocking().execute(() -> decide(policy, wait));
        } catch (RejectedExecutionException e) {
            await(wait.failure(), wait.millis());
        }
    }

    /** On a thread that may block. The course waits meanwhile, and can be closed. */
    private void decide(RetryPolicy policy, LinkCourse.Wait wait) {
        Failure failure = wait.failure();
        Optional<Duration> delay = policy.delay(new RetryPolicy.Failure(
                target.toString(), failure.code(), failure.reason(), wait.inARow(), Duration.ofMillis(wait.millis())));
        Hop.to(loop, () -> {
            if (course.state() != LinkCourse.State.WAITING) {
                return;
            }
            if (delay.isPresent()) {
                await(
                        failure,
                        Math.max(failure.hint().floorMillis(), delay.get().toMillis()));
            } else {
                perform(new LinkCourse.Stop(failure.forGood()));
            }
        });
    }

    private void await(Failure failure, long millis) {
        LOG.info("link to {}: {} {}; next attempt in {} ms", target, failure.code(), failure.reason(), millis);
        timer = loop.schedule(() -> perform(course.onTimer()), millis, TimeUnit.MILLISECONDS);
        tell(listener ->
                listener.onRetry(this, failure.code(), failure.reason(), TimeUnit.MILLISECONDS.toNanos(millis)));
    }

    private void stop(ErrorCode code) {
        course.onClose();
        if (timer != null) {
            timer.cancel(false);
        }
        if (next != null) {
            next.cancel();
            next = null;
        }
        watcher.onOver(this, code);
    }

    private void maybeEnded() {
        boolean over = course.state() == LinkCourse.State.OVER;
        if (over && !ended && current == null && leaving.isEmpty()) {
            ended = true;
            tell(listener -> listener.onEnded(this));
            watcher.onEnded(this);
        }
    }

    private Failure onlyChance(Failure failure) {
        return source.again()
                ? failure
                : new Failure(failure.code(), failure.reason(), Failure.Cure.PERSON, failure.hint());
    }

    private long nowNanos() {
        return loop.ticker().nanoTime();
    }

    private void tell(Consumer<LinkListener> call) {
        try {
            call.accept(parts.listener());
        } catch (RuntimeException e) {
            LOG.error("the listener of the link to {} failed", target, e);
        }
    }

    @Override
    public String toString() {
        return "link to " + target;
    }

    /** What attempts tell. */
    private final class Events implements LinkAttempt.Told {
        @Override
        public void onUp(LinkAttempt attempt, Welcome welcome) {
            LinkAttempt old = current;
            current = attempt;
            next = null;
            if (old != null) {
                leaving.add(old);
                old.leave();
            }
            if (course.state() == LinkCourse.State.OVER) {
                attempt.cancel();
                return;
            }
            course.onUp();
            announce(attempt.session(), welcome);
        }

        private void announce(Session now, Welcome welcome) {
            upNanos = nowNanos();
            session = now;
            LOG.info("link to {} is up: {} as {}", target, now, welcome.getPrincipal());
            String detail = welcome.getNode() + " as " + welcome.getPrincipal();
            tell(listener -> listener.onStep(Link.this, "auth", detail, upNanos - startedNanos));
            tell(listener -> listener.onUp(Link.this, now));
            watcher.onUp(Link.this, now, welcome);
        }

        @Override
        public void onClockOff(LinkAttempt attempt, Failure failure, long correction) {
            next = null;
            correctionMillis = correction;
            perform(source.again() ? course.onClockOff(failure) : course.onFailed(onlyChance(failure)));
        }

        @Override
        public void onFailed(LinkAttempt attempt, Failure failure) {
            next = null;
            perform(course.onFailed(onlyChance(failure)));
            watcher.onUnsteady(Link.this, Control.getDefaultInstance());
        }

        @Override
        public void onMove(LinkAttempt attempt, Control drain) {
            if (attempt == current && source.again()) {
                BackOff.Hint hint = BackOff.Hint.of(0, drain.getDrain().getSpreadMillis());
                perform(course.onMove(hint.spreadMillis()));
                watcher.onUnsteady(Link.this, drain);
            }
        }

        @Override
        public void onDown(LinkAttempt attempt, Failure failure) {
            if (leaving.remove(attempt)) {
                maybeEnded();
            } else if (attempt == current) {
                current = null;
                session = null;
                perform(course.onDown(onlyChance(failure), (nowNanos() - upNanos) / NANOS_PER_MILLI));
                watcher.onUnsteady(Link.this, Control.getDefaultInstance());
                maybeEnded();
            }
        }
    }
}
