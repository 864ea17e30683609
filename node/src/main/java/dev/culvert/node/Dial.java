package dev.culvert.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.StreamReply;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way out: tries the exits in turn until one answers, as far as a repetition is safe [OPEN-11]. Owned by its home loop;
 * each attempt lives on the loop of its exit, and the two pass messages.
 */
final class Dial implements Dialling {
    /** Payload that is kept for a repetition. [OPEN-11] */
    static final int MAX_KEPT = 32 * 1024;

    private static final int MAX_ATTEMPTS = 3;

    private final Dialer dialer;
    private final Request request;
    private final Result result;
    private Iterator<Exit> exits = List.<Exit>of().iterator();
    private @Nullable Attempt attempt;
    private Supplier<Refused> nothing;
    private @Nullable Refused worst;
    private Deadlines.@Nullable Place<Dial> place;
    /** For one that does not fit into the line of the others. */
    private @Nullable Future<?> timer;

    private Runnable waiting = () -> {};
    private int attempts;
    private boolean maybeDelivered;
    private boolean over;

    Dial(Dialer dialer, Request request, Result result) {
        this.dialer = dialer;
        this.request = request;
        this.result = result;
        this.nothing = () -> dialer.refused(ErrorCode.NO_ROUTE, "no exit");
    }

    /**
     * What is dialled.
     *
     * @param from where the call came from; null: this node itself
     * @param home the loop that hears the result
     * @param payload the first bytes, at most {@link #MAX_KEPT}; the dial owns the reference
     */
    record Request(Call call, @Nullable Peer from, EventLoop home, ByteBuf payload) {}

    /** A stream whose far end has accepted. What came behind the answer is held by {@code head}. On the exit's loop. */
    record Opened(Peer exit, MuxStream stream, Head head) {}

    /** On the home loop, once. */
    interface Result {
        void onOpened(Opened opened);

        void onRefused(Refused refused);
    }

    /** On the home loop. */
    void start() {
        arm();
        look();
    }

    /** On the home loop, with the exits that were found already. */
    void start(Router.Found found) {
        arm();
        exits = found.exits().iterator();
        nothing = found.nothing();
        next();
    }

    private void arm() {
        long endNanos = request.call().deadlineNanos();
        if (endNanos == Long.MAX_VALUE) {
            return;
        }
        place = dialer.deadlines(request.home()).add(this, endNanos);
        if (place == null) {
            timer = request.home().schedule(this::onDeadline, endNanos - now(), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        if (over) {
            return;
        }
        if (dialer.isClosed()) {
            refuse(dialer.closed());
            return;
        }
        // Asked first: a link that comes up between the two looks is found by the second.
        boolean mayCome = request.from() == null && dialer.expectsUpstream();
        Router.Found found = dialer.router().find(request.call(), request.from());
        exits = found.exits().iterator();
        nothing = found.nothing();
        if (!exits.hasNext() && mayCome) {
            waiting = dialer.awaitUpstream(() -> Hop.to(request.home(), this::look));
            return;
        }
        next();
    }

    @Override
    public void cancel(int code) {
        if (!over) {
            end();
            abort(code);
        }
    }

    private void next() {
        if (!exits.hasNext() || attempts == MAX_ATTEMPTS) {
            refuse(worst == null ? nothing.get() : worst);
            return;
        }
        Exit exit = exits.next();
        Peer peer = exit instanceof Peer remote ? remote : dialer.loopback();
        attempts++;
        Attempt next = new Attempt(peer, request.payload().retainedDuplicate());
        attempt = next;
        Hop.to(peer.loop(), next::start);
    }

    private void onAnswer(Attempt from, Opened opened) {
        if (over || from != attempt) {
            Hop.to(opened.exit().loop(), () -> {
                opened.head().discard(opened.stream());
                opened.stream().reset(ErrorCode.CANCELLED.number());
            });
            return;
        }
        attempt = null;
        end();
        result.onOpened(opened);
    }

    private void onFailure(Attempt from, Refused refused) {
        if (over || from != attempt) {
            return;
        }
        attempt = null;
        maybeDelivered |= !refused.notDelivered();
        if (worst == null || refused.weight() >= worst.weight()) {
            worst = refused;
        }
        boolean safe = refused.notDelivered()
                || !request.payload().isReadable()
                || request.call().open().getReplaySafe();
        if (safe && refused.worthAnother()) {
            next();
        } else {
            refuse(refused);
        }
    }

    void onDeadline() {
        if (!over) {
            boolean sent = attempt != null && request.payload().isReadable();
            maybeDelivered |= sent;
            Refused late = worst != null && attempt == null
                    ? worst
                    : new Refused(ErrorCode.DEADLINE, lateText(), dialer.node(), !sent);
            abort(ErrorCode.DEADLINE.number());
            refuse(late);
        }
    }

    private String lateText() {
        return attempt == null
                ? "no link came up in time for '" + request.call().key() + "'"
                : "no answer in time for '" + request.call().key() + "'";
    }

    /** What an earlier attempt may have delivered, a later refusal does not take back. [OPEN-10] */
    private void refuse(Refused refused) {
        end();
        result.onRefused(maybeDelivered ? refused.maybeDelivered() : refused);
    }

    private void end() {
        over = true;
        waiting.run();
        request.payload().release();
        if (place != null) {
            place.cancel();
        }
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void abort(int code) {
        Attempt current = attempt;
        attempt = null;
        if (current != null) {
            Hop.to(current.peer.loop(), () -> current.abort(code));
        }
    }

    private long now() {
        return request.home().ticker().nanoTime();
    }

    /** One try through one exit. Owned by the exit's loop. */
    private final class Attempt implements Head.Reader {
        private final Peer peer;
        private final ByteBuf payload;
        private @Nullable MuxStream stream;
        private boolean done;

        Attempt(Peer peer, ByteBuf payload) {
            this.peer = peer;
            this.payload = payload;
        }

        void start() {
            if (done) {
                payload.release();
                return;
            }
            if (!peer.isUp() || !peer.reserveOpen(dialer.limits().pendingOpens())) {
                payload.release();
                done = true;
                ErrorCode code = peer.isUp() ? ErrorCode.BUSY : ErrorCode.NO_ROUTE;
                fail(dialer.refused(
                        code, peer.isUp() ? "too many opens wait for " + peer.node() : "the link went down"));
                return;
            }
            open();
        }

        private void open() {
            try {
                MuxStream opened = peer.mux().open(new Head(Call.MAX_REPLY_BYTES, this));
                stream = opened;
                opened.party(request.call().open().getPrincipal());
                long nowNanos = peer.loop().ticker().nanoTime();
                opened.write(Wire.encode(
                        peer.mux().channel().alloc(),
                        request.call().onward(dialer.node(), nowNanos, request.from() != null),
                        payload));
            } catch (MuxException e) {
                payload.release();
                close();
                fail(dialer.refused(e.code(), String.valueOf(e.getMessage())));
            }
        }

        void abort(int code) {
            if (done) {
                return;
            }
            MuxStream opened = stream;
            if (opened == null) {
                done = true;
            } else {
                close();
                opened.reset(code);
            }
        }

        @Override
        public void onHead(MuxStream opened, Head head, byte[] message) {
            close();
            try {
                StreamReply reply = StreamReply.parseFrom(message);
                if (reply.getCode() == ErrorCode.OK.number()) {
                    Hop.to(request.home(), () -> onAnswer(this, new Opened(peer, opened, head)));
                } else {
                    leave(opened, head);
                    fail(Refused.of(reply, peer.node()));
                }
            } catch (InvalidProtocolBufferException e) {
                head.discard(opened);
                opened.reset(ErrorCode.PROTOCOL.number());
                fail(broken("an answer that is no StreamReply"));
            }
        }

        private void leave(MuxStream opened, Head head) {
            opened.finish();
            head.take(opened, Discard.started(peer, opened));
        }

        @Override
        public void onNoHead(MuxStream opened, ErrorCode code, String text) {
            close();
            opened.reset(ErrorCode.PROTOCOL.number());
            fail(broken(text));
        }

        @Override
        public void onGone(MuxStream opened, int code) {
            if (!done) {
                close();
                String text = switch (ErrorCode.of(code)) {
                    case LINK_LOST -> "the link to " + peer.node() + " was lost before the answer";
                    case TARGET_LOST -> "the target broke off before the answer";
                    default -> "the stream was reset before the answer";
                };
                fail(new Refused(
                        ErrorCode.of(code),
                        text,
                        dialer.node(),
                        !request.payload().isReadable()));
            }
        }

        private Refused broken(String text) {
            return new Refused(ErrorCode.PROTOCOL, text, peer.node(), false);
        }

        private void close() {
            done = true;
            peer.releaseOpen();
        }

        private void fail(Refused refused) {
            Hop.to(request.home(), () -> onFailure(this, refused));
        }
    }
}
