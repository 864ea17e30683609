package dev.culvert.node;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Things that get about the same time, oldest first, with one timer for all. Owned by its event loop. A thing's place in the line is
 * an object of its own, since nearly all leave it long before their time: no look-up, no hash, no timer of their own.
 */
final class Deadlines<T> {
    private static final long SLACK_NANOS = 10_000_000;

    private final EventLoop loop;
    private final long nanos;
    private final Consumer<T> expired;
    private @Nullable Place<T> oldest;
    private @Nullable Place<T> newest;
    private boolean armed;
    /** When the next sweep comes, if one is due. */
    private long armedNanos;

    /** @param expired is told of each thing whose time is over; it is forgotten before */
    Deadlines(EventLoop loop, long millis, Consumer<T> expired) {
        this.loop = loop;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.expired = expired;
    }

    /** Where a thing stands. Owned by the event loop of its line. */
    static final class Place<T> {
        private final @Nullable T thing;
        private final long endNanos;
        private @Nullable Deadlines<T> line;
        private @Nullable Place<T> older;
        private @Nullable Place<T> newer;

        private Place(@Nullable Deadlines<T> line, @Nullable T thing, long endNanos) {
            this.line = line;
            this.thing = thing;
            this.endNanos = endNanos;
        }

        /** The thing's time does not matter any more. Idempotent. */
        void cancel() {
            Deadlines<T> in = line;
            if (in != null) {
                in.remove(this);
            }
        }
    }

    /** A place in no line. */
    static <T> Place<T> none() {
        return new Place<>(null, null, 0);
    }

    /** A thing that gets the time of this line. */
    Place<T> add(T thing) {
        return append(thing, loop.ticker().nanoTime() + nanos);
    }

    /**
     * A thing with an end of its own, by the loop's ticker; null, and it is not added, if that is more than the slack before the end
     * of one that was added earlier. It may expire later by the slack.
     */
    @Nullable
    Place<T> add(T thing, long endNanos) {
        Place<T> before = newest;
        if (before == null || before.endNanos - endNanos <= 0) {
            return append(thing, endNanos);
        }
        return before.endNanos - endNanos <= SLACK_NANOS ? append(thing, before.endNanos) : null;
    }

    private Place<T> append(T thing, long endNanos) {
        Place<T> place = new Place<>(this, thing, endNanos);
        Place<T> before = newest;
        place.older = before;
        if (before == null) {
            oldest = place;
        } else {
            before.newer = place;
        }
        newest = place;
        if (before == null) {
            arm(endNanos);
        }
        return place;
    }

    boolean isEmpty() {
        return oldest == null;
    }

    /** Forgets everything. */
    void clear() {
        for (Place<T> place = oldest; place != null; place = oldest) {
            remove(place);
        }
    }

    private void remove(Place<T> place) {
        Place<T> before = place.older;
        Place<T> after = place.newer;
        if (before == null) {
            oldest = after;
        } else {
            before.newer = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.older = before;
        }
        place.line = null;
        place.older = null;
        place.newer = null;
    }

    private void arm(long endNanos) {
        if (!armed || armedNanos - endNanos > 0) {
            armed = true;
            armedNanos = endNanos;
            loop.schedule(() -> sweep(endNanos), endNanos - loop.ticker().nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private void sweep(long armedFor) {
        if (!armed || armedNanos != armedFor) {
            return; // a thing with less time came since, and this sweep was replaced
        }
        armed = false;
        long now = loop.ticker().nanoTime();
        List<T> over = new ArrayList<>();
        Place<T> first = oldest;
        while (first != null && first.endNanos - now <= 0) {
            if (first.thing != null) {
                over.add(first.thing);
            }
            remove(first);
            first = oldest;
        }
        if (first != null) {
            arm(first.endNanos);
        }
        over.forEach(expired);
    }
}
