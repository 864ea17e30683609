package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a link does next, as decisions only. Owned by its link's event loop; pure: time and randomness are handed in. [LINK-24]
 *
 * <pre>
 * state       | failed                    clock off          up       down             move            timer       close
 * ------------+---------------------------------------------------------------------------------------------------------
 * CONNECTING  | WAITING, or OVER, stop    the same, connect  RESTING  ignored          ignored         -           OVER
 * RESTING     | -                         -                  -        WAITING or OVER  WAITING         -           OVER
 * WAITING     | -                         -                  -        ignored          ignored         CONNECTING  OVER
 * OVER        | ignored                   ignored            ignored  ignored          ignored         ignored     OVER
 * </pre>
 *
 * RESTING means that the session in force is good. WAITING and CONNECTING are the way to the next one, while an older session may still
 * be in force: that is how a link moves without a gap. A dash is misuse by the caller. {@code clock off} connects again once; a second
 * time in a row it is a failure.
 */
final class LinkCourse {
    private static final Logger LOG = LoggerFactory.getLogger(LinkCourse.class);

    private final BackOff backOff;
    private State state = State.CONNECTING;
    private boolean proved;
    private boolean clockCorrected;

    LinkCourse(BackOff backOff) {
        this.backOff = backOff;
    }

    enum State {
        CONNECTING,
        RESTING,
        WAITING,
        OVER
    }

    /** What to do now. */
    sealed interface Move {}

    /** Connect now. */
    record Connect() implements Move {}

    /**
     * Set the timer; {@code failure} says why.
     *
     * @param inARow failures; 0: none, the link only moves
     */
    record Wait(long millis, Failure failure, int inARow) implements Move {}

    /** The link is over: tell the operator. */
    record Stop(Failure failure) implements Move {}

    record Nothing() implements Move {}

    private static final Nothing NOTHING = new Nothing();

    State state() {
        return state;
    }

    Move onFailed(Failure failure) {
        if (state == State.OVER) {
            return NOTHING;
        }
        require(State.CONNECTING, "failed");
        clockCorrected = false;
        return retry(failure, 0);
    }

    /** The relay's clock is another; ours has been corrected. */
    Move onClockOff(Failure failure) {
        if (state == State.OVER) {
            return NOTHING;
        }
        if (clockCorrected) {
            return onFailed(failure);
        }
        require(State.CONNECTING, "clock off");
        clockCorrected = true;
        return new Connect();
    }

    void onUp() {
        if (state == State.OVER) {
            return;
        }
        require(State.CONNECTING, "up");
        proved = true;
        clockCorrected = false;
        become(State.RESTING);
    }

    /** The session in force has ended. */
    Move onDown(Failure failure, long upMillis) {
        return state == State.RESTING ? retry(failure, upMillis) : NOTHING;
    }

    /** The session in force will end: get another one first, at a moment within {@code spreadMillis}. */
    Move onMove(long spreadMillis) {
        if (state != State.RESTING) {
            return NOTHING;
        }
        become(State.WAITING);
        Failure moving = Failure.passing(ErrorCode.DRAINING, "the session is about to end, moving to a new one");
        return new Wait(backOff.spread(spreadMillis), moving, 0);
    }

    Move onTimer() {
        if (state == State.OVER) {
            return NOTHING;
        }
        require(State.WAITING, "timer");
        become(State.CONNECTING);
        return new Connect();
    }

    void onClose() {
        become(State.OVER);
    }

    private Move retry(Failure failure, long upMillis) {
        boolean person =
                failure.cure() == Failure.Cure.PERSON || failure.cure() == Failure.Cure.PERSON_UNLESS_PROVED && !proved;
        if (person) {
            become(State.OVER);
            return new Stop(failure);
        }
        if (backOff.isExhausted(upMillis)) {
            become(State.OVER);
            return new Stop(failure.forGood());
        }
        become(State.WAITING);
        return new Wait(backOff.next(upMillis, failure.hint()), failure, backOff.inARow());
    }

    private void require(State expected, String event) {
        if (state != expected) {
            throw new IllegalStateException(event + " in state " + state + " (expected: " + expected + ")");
        }
    }

    private void become(State next) {
        LOG.debug("link {} -> {}", state, next);
        state = next;
    }
}
