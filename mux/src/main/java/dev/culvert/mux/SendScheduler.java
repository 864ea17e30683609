package dev.culvert.mux;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to send. Owned by its session's event loop. Pure. [MUX-24]
 *
 * <p>Parties take turns; within a party a stream that has just become ready alternates with one that was ready before, so that
 * a small message waits for one turn at most and a stream that keeps coming back cannot win for ever. A turn is one quantum of
 * bytes, and since frames can be cut anywhere every turn ends exactly: no deficit is ever left to be carried over.
 *
 * @param <T> what takes turns
 */
final class SendScheduler<T> {
    /** The place of one sender. Belongs to at most one scheduler. */
    static final class Turn<T> {
        private final T owner;
        private @Nullable Line<T> line;
        private @Nullable Turn<T> previous;
        private @Nullable Turn<T> next;

        Turn(T owner) {
            this.owner = owner;
        }

        boolean isWaiting() {
            return line != null;
        }
    }

    private final Map<Object, Party<T>> parties = new HashMap<>(4);
    private final Party<T> common = new Party<>(this, null);
    private final Party<T> control = new Party<>(this, null);
    private @Nullable Party<T> cursor;

    /** Joins the line of a party ({@code null}: the common one); fresh if it was not ready a moment ago. */
    void add(Turn<T> turn, @Nullable Object party, boolean fresh) {
        Party<T> of = party == null ? common : parties.computeIfAbsent(party, key -> new Party<>(this, key));
        of.add(turn, fresh);
    }

    /** Joins the line that goes on when all others are blocked. */
    void addControl(Turn<T> turn) {
        control.add(turn, true);
    }

    /** Leaves the line, if it is in one. */
    void remove(Turn<T> turn) {
        Line<T> line = turn.line;
        if (line != null) {
            line.remove(turn);
            line.party.settle();
        }
    }

    /** Takes the next out of its line. */
    @Nullable
    T next() {
        Party<T> party = cursor;
        if (party == null) {
            return null;
        }
        cursor = party.next;
        return party.take();
    }

    /** Takes the next out of the control line. */
    @Nullable
    T nextControl() {
        return control.isEmpty() ? null : control.take();
    }

    /** The streams of one party, in a ring with the other parties that have any. */
    private static final class Party<T> {
        private final SendScheduler<T> scheduler;
        private final @Nullable Object key;
        private final Line<T> fresh = new Line<>(this);
        private final Line<T> old = new Line<>(this);
        private boolean oldIsNext;
        private @Nullable Party<T> previous;
        private @Nullable Party<T> next;

        Party(SendScheduler<T> scheduler, @Nullable Object key) {
            this.scheduler = scheduler;
            this.key = key;
        }

        boolean isEmpty() {
            return fresh.first == null && old.first == null;
        }

        void add(Turn<T> turn, boolean isFresh) {
            if (isEmpty()) {
                enterRing();
            }
            (isFresh ? fresh : old).append(turn);
        }

        T take() {
            Line<T> line = fresh.first == null || oldIsNext && old.first != null ? old : fresh;
            oldIsNext = line == fresh;
            Turn<T> turn = line.first;
            if (turn == null) {
                throw new IllegalStateException("an empty party in the ring");
            }
            line.remove(turn);
            settle();
            return turn.owner;
        }

        void settle() {
            if (isEmpty()) {
                leaveRing();
                if (key != null) {
                    scheduler.parties.remove(key);
                }
            }
        }

        private void enterRing() {
            Party<T> at = scheduler.cursor;
            if (at == null) {
                previous = this;
                next = this;
                scheduler.cursor = this;
            } else {
                Party<T> last = neighbour(at.previous);
                previous = last;
                next = at;
                last.next = this;
                at.previous = this;
            }
        }

        private void leaveRing() {
            Party<T> before = neighbour(previous);
            Party<T> after = neighbour(next);
            before.next = after;
            after.previous = before;
            if (scheduler.cursor == this) {
                scheduler.cursor = after == this ? null : after;
            }
            previous = null;
            next = null;
        }

        private static <T> Party<T> neighbour(@Nullable Party<T> party) {
            if (party == null) {
                throw new IllegalStateException("a party outside the ring");
            }
            return party;
        }
    }

    /** First in, first out, and anybody may leave. */
    private static final class Line<T> {
        private final Party<T> party;
        private @Nullable Turn<T> first;
        private @Nullable Turn<T> last;

        Line(Party<T> party) {
            this.party = party;
        }

        void append(Turn<T> turn) {
            Turn<T> before = last;
            turn.line = this;
            turn.previous = before;
            if (before == null) {
                first = turn;
            } else {
                before.next = turn;
            }
            last = turn;
        }

        void remove(Turn<T> turn) {
            Turn<T> before = turn.previous;
            Turn<T> after = turn.next;
            if (before == null) {
                first = after;
            } else {
                before.next = after;
            }
            if (after == null) {
                last = before;
            } else {
                after.previous = before;
            }
            turn.line = null;
            turn.previous = null;
            turn.next = null;
        }
    }
}
