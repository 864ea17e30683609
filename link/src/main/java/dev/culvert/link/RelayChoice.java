package dev.culvert.link;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which relays to be linked to, as decisions only. Owned by its link set's event loop; pure. [LINK-25]
 *
 * <p>Every relay that was given has a link that stands for good. Relays that others name are stand-ins: they get a link while too few
 * are good, and lose it when enough are. Two addresses may turn out to be one relay: then only one of them keeps its link, and the other
 * gets its chance again when that one fails.
 */
final class RelayChoice {
    private static final int MOST_LEARNED = 32;

    private final int enough;
    private final Map<RelayTarget, Entry> entries = new LinkedHashMap<>();

    /** @param enough how many good links are wanted where that many relays are known; all given ones in any case */
    RelayChoice(List<RelayTarget> given, int enough) {
        given.forEach(target -> entries.put(target, new Entry(true)));
        this.enough = Math.max(enough, entries.size());
    }

    enum State {
        /** No link, and one may be made. */
        FREE,
        /** A first attempt is on its way. */
        TRYING,
        GOOD,
        /** Lost, failing or about to end; it goes on trying. */
        UNSTEADY,
        /** The relay refused for good. */
        REFUSED,
        /** Another link leads to the same relay. */
        TWIN
    }

    /** What to do now. */
    sealed interface Move {}

    record Start(RelayTarget target) implements Move {}

    /** Take leave of it: others are enough. */
    record Drop(RelayTarget target) implements Move {}

    private static final class Entry {
        private final boolean given;
        private State state = State.FREE;

        Entry(boolean given) {
            this.given = given;
        }
    }

    void learn(RelayTarget target) {
        byte[] key = target.key();
        boolean known = entries.keySet().stream().anyMatch(one -> sameRelay(one, key));
        if (key != null && !known && entries.size() < MOST_LEARNED) {
            entries.put(target, new Entry(false));
        }
    }

    private static boolean sameRelay(RelayTarget one, byte @Nullable [] key) {
        return Arrays.equals(one.key(), key);
    }

    void state(RelayTarget target, State state) {
        Entry entry = entries.get(target);
        if (entry == null) {
            return;
        }
        entry.state = state;
        if (state != State.GOOD && state != State.TRYING) {
            entries.values().stream().filter(one -> one.state == State.TWIN).forEach(one -> one.state = State.FREE);
        }
        if (state == State.TWIN) {
            entry.state = State.TWIN;
        }
    }

    /** Brings the links to what is wanted; what it answers counts as done. */
    List<Move> next() {
        List<Move> moves = new ArrayList<>();
        entries.forEach((target, entry) -> {
            if (entry.given && entry.state == State.FREE) {
                start(target, entry, moves);
            }
        });
        startStandIns(moves);
        dropStandIns(moves);
        return moves;
    }

    private void startStandIns(List<Move> moves) {
        entries.forEach((target, entry) -> {
            if (!entry.given && entry.state == State.FREE && count(State.GOOD) + count(State.TRYING) < enough) {
                start(target, entry, moves);
            }
        });
    }

    private void dropStandIns(List<Move> moves) {
        entries.forEach((target, entry) -> {
            boolean superfluous = entry.state == State.GOOD && count(State.GOOD) > enough
                    || entry.state == State.UNSTEADY && count(State.GOOD) >= enough;
            if (!entry.given && superfluous) {
                entry.state = State.FREE;
                moves.add(new Drop(target));
            }
        });
    }

    private static void start(RelayTarget target, Entry entry, List<Move> moves) {
        entry.state = State.TRYING;
        moves.add(new Start(target));
    }

    private long count(State state) {
        return entries.values().stream().filter(entry -> entry.state == state).count();
    }

    /** Whether some link is good, so that those that are about to end may be let go. */
    boolean anyGood() {
        return count(State.GOOD) > 0;
    }
}
