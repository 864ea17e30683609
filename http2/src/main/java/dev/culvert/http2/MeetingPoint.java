package dev.culvert.http2;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where connections of one kind wait and are taken, with time-outs and liveness. Owned by its listener's event loop; {@link #take} and {@link
 * #close} by any thread.
 */
final class MeetingPoint {
    private static final Logger LOG = LoggerFactory.getLogger(MeetingPoint.class);

    private final EventLoop loop;
    private final Meeting<Connection, Taker> meeting;
    private final String kind;
    private boolean closed;

    /** @param kind what waits here, in the plural, for messages */
    MeetingPoint(EventLoop loop, int most, int mostOfOnePeer, String kind) {
        this.loop = loop;
        this.meeting = new Meeting<>(most, mostOfOnePeer);
        this.kind = kind;
    }

    /** Who waits for a connection. */
    private record Taker(Predicate<Peer> wanted, Promise<Connection> promise) {}

    /**
     * What a caller wants, by code of his that may fail: then it wants nobody from there on, and its promise fails once the meeting, which is
     * asking, has come to its end.
     */
    private final class Wanted implements Predicate<Peer> {
        private final Predicate<Peer> code;
        private final Promise<Connection> promise;
        private boolean failed;

        Wanted(Predicate<Peer> code, Promise<Connection> promise) {
            this.code = code;
            this.promise = promise;
        }

        @Override
        public boolean test(Peer peer) {
            try {
                return !failed && code.test(peer);
            } catch (RuntimeException | Error e) {
                failed = true;
                loop.execute(() -> promise.tryFailure(e));
                return false;
            }
        }
    }

    /** On the loop. Gives it to who waits for such a one, or lets it wait. */
    void arrive(Connection connection, Peer peer) {
        if (closed) {
            connection.close();
            return;
        }
        Meeting.Arrival<Connection, Taker> arrival = meeting.arrive(connection, peer);
        if (arrival instanceof Meeting.Arrival.Taken<Connection, Taker> taken) {
            hand(connection, taken.taker());
        } else if (arrival instanceof Meeting.Arrival.Waits<Connection, Taker> waits) {
            LOG.debug("{}: waits ({})", peer, kind);
            if (waits.dropped() != null) {
                LOG.debug("{}: closed for {}: too many {} wait", waits.dropped(), peer, kind);
                waits.dropped().close();
            }
        } else {
            LOG.info("{}: closed: too many {} wait already", peer, kind);
            connection.close();
        }
    }

    /** On the loop. It is closed, or is none of these after all. */
    boolean leave(Connection connection) {
        return meeting.leave(connection);
    }

    /** On the loop. */
    List<Peer> waiting() {
        return meeting.peers();
    }

    /**
     * Takes the one that waits longest, or the next that comes. Any thread. The promise fails with {@link SocketTimeoutException}, with
     * {@link IOException} if too many wait, with {@link ClosedChannelException}, or with what {@code wanted} threw; cancelling it ends the
     * wait.
     *
     * @param wanted is asked on the loop
     * @param what is wanted, for messages
     * @param timeoutMillis 0: no limit
     */
    Future<Connection> take(Predicate<Peer> wanted, String what, long timeoutMillis) {
        Promise<Connection> promise = loop.newPromise();
        try {
            loop.execute(() -> begin(new Taker(new Wanted(wanted, promise), promise), what, timeoutMillis));
        } catch (RejectedExecutionException e) {
            return ImmediateEventExecutor.INSTANCE.newFailedFuture(new ClosedChannelException());
        }
        return promise;
    }

    /** Whoever has cancelled already wishes nothing; whoever cancels meanwhile gives up as soon as the listener is there. */
    private void begin(Taker taker, String what, long timeoutMillis) {
        if (taker.promise().isDone()) {
            return;
        }
        wish(taker);
        taker.promise().addListener(done -> meeting.giveUp(taker));
        if (timeoutMillis != 0 && !taker.promise().isDone()) {
            Future<?> timer =
                    loop.schedule(() -> onTimeout(taker, what, timeoutMillis), timeoutMillis, TimeUnit.MILLISECONDS);
            taker.promise().addListener(done -> timer.cancel(false));
        }
    }

    private void onTimeout(Taker taker, String what, long timeoutMillis) {
        taker.promise()
                .tryFailure(new SocketTimeoutException("no " + what + " within " + timeoutMillis + " ms (waiting now: "
                        + (meeting.peers().isEmpty() ? "nobody" : meeting.peers()) + ")"));
    }

    private void wish(Taker taker) {
        if (closed) {
            taker.promise().tryFailure(new ClosedChannelException());
            return;
        }
        Meeting.Wish<Connection> wish = meeting.wish(taker, taker.wanted());
        if (wish instanceof Meeting.Wish.Granted<Connection> granted) {
            hand(granted.connection(), taker);
        } else if (wish instanceof Meeting.Wish.Refused<Connection>) {
            taker.promise().tryFailure(new IOException("too many wait for " + kind + " already"));
        }
    }

    /** The connection may have ended, or turned out to be a client, while it waited. */
    private void hand(Connection connection, Taker taker) {
        connection.claim(loop).addListener(claim -> {
            if (!Boolean.TRUE.equals(claim.getNow())) {
                retry(taker);
            } else if (!taker.promise().trySuccess(connection)) {
                connection.close();
            }
        });
    }

    private void retry(Taker taker) {
        if (!taker.promise().isDone()) {
            wish(taker);
        }
    }

    /** Ends all waits, closing those who wait to be taken. Any thread. */
    void close() {
        try {
            loop.execute(() -> {
                closed = true;
                meeting.giveUpAll().forEach(taker -> taker.promise().tryFailure(new ClosedChannelException()));
                meeting.leaveAll().forEach(Connection::close);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the loop ended before", kind);
        }
    }
}
