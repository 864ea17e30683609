package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One dial of this node's own, made again while its service is not there and its options say to wait. Owned by its home loop.
 *
 * <pre>
 * dialling    a {@link Dial} is under way        opened or refused: over; refused and worth a wait: resting
 * resting     a timer runs                       the timer: dialling
 * over        the result has been told, or nobody wants it
 * </pre>
 */
final class PatientDial implements Dial.Result {
    private static final long FIRST_REST_MILLIS = 50;
    private static final long LONGEST_REST_MILLIS = 1_000;

    private final OwnDials dials;
    private final EventLoop home;
    private final Wish wish;
    private final RandomGenerator random;
    private final Dial.Result result;
    private @Nullable Dialling dial;
    private @Nullable Future<?> timer;
    private long startNanos;
    private int rests;
    private boolean over;

    PatientDial(OwnDials dials, EventLoop home, Wish wish, RandomGenerator random, Dial.Result result) {
        this.dials = dials;
        this.home = home;
        this.wish = wish;
        this.random = random;
        this.result = result;
    }

    /**
     * What is wanted.
     *
     * @param first the first bytes; the dial owns the reference
     * @param deadlineNanos by the ticker; {@link Patience#NEVER}: none
     */
    record Wish(Address address, DialOptions options, ByteBuf first, long deadlineNanos) {}

    void start() {
        if (over) {
            return;
        }
        startNanos = now();
        attempt();
    }

    private void attempt() {
        timer = null;
        long leftMillis = untilDeadlineMillis();
        if (leftMillis <= 0) {
            end();
            result.onRefused(dials.refused(
                    ErrorCode.DEADLINE, "the dial's deadline has passed before '" + wish.address() + "' was dialled"));
            return;
        }
        DialTerms terms = dials.terms(wish.options()).within(leftMillis);
        dial = dials.begin(home, wish.address(), terms, wish.first().retainedDuplicate(), this);
    }

    /** Nobody wants the result any more. */
    void cancel() {
        if (over) {
            return;
        }
        end();
        if (timer != null) {
            timer.cancel(false);
        }
        if (dial != null) {
            dial.cancel(ErrorCode.CANCELLED.number());
        }
    }

    @Override
    public void onOpened(Dial.Opened opened) {
        end();
        result.onOpened(opened);
    }

    @Override
    public void onRefused(Refused refused) {
        long leftMillis = Math.min(untilDeadlineMillis(), waitLeftMillis());
        if (leftMillis <= 0 || !mayComeBack(refused)) {
            end();
            result.onRefused(refused);
            return;
        }
        dial = null;
        long restMillis = Math.min(leftMillis, restMillis(rests++, random.nextDouble()));
        timer = home.schedule(this::attempt, restMillis, TimeUnit.MILLISECONDS);
    }

    private boolean mayComeBack(Refused refused) {
        boolean safe = refused.notDelivered()
                || !wish.first().isReadable()
                || wish.options().replaySafe();
        return safe
                && switch (refused.code()) {
                    case UNKNOWN_SERVICE, NO_ROUTE, LINK_LOST, DRAINING, DEADLINE -> true;
                    default -> false;
                };
    }

    /** Twice as long each time, up to a second, and half of it by chance, so that many who wait do not dial at once. */
    static long restMillis(int restsBefore, double chance) {
        long whole = Math.min(LONGEST_REST_MILLIS, FIRST_REST_MILLIS << Math.min(restsBefore, 10));
        long half = whole / 2;
        return half + (long) (half * chance);
    }

    private long waitLeftMillis() {
        return wish.options().waitUpTo().toMillis() - TimeUnit.NANOSECONDS.toMillis(now() - startNanos);
    }

    private long untilDeadlineMillis() {
        return wish.deadlineNanos() == Patience.NEVER
                ? Long.MAX_VALUE
                : TimeUnit.NANOSECONDS.toMillis(wish.deadlineNanos() - now());
    }

    private void end() {
        over = true;
        wish.first().release();
    }

    private long now() {
        return home.ticker().nanoTime();
    }
}
