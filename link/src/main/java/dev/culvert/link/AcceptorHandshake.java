package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.SignedHello;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's half of a handshake, as decisions only. Owned by its session's event loop; pure. Each event answers what to do now.
 * [LINK-10] [LINK-12]
 *
 * <pre>
 * state      | control     proof: proved  unproved      admitted         not admitted   welcome sent  violation        deadline         lost
 * -----------+---------------------------------------------------------------------------------------------------------------------------
 * AWAITING   | PROVING     -              -             -                -              -             OVER, refuse     OVER, refuse     OVER
 * PROVING    | violation   ADMITTING      OVER, refuse  -                -              -             OVER, refuse     OVER, refuse     OVER
 * ADMITTING  | violation   -              -             WELCOMING        OVER, refuse   -             ABANDONED, refuse  (the same)     ABANDONED
 * ABANDONED  | ignored     -              -             OVER, down       OVER           -             ignored          ignored          ignored
 * WELCOMING  | violation   -              -             -                -              UP            cut              cut              OVER, down
 * UP         | deliver     -              -             -                -              -             cut              ignored          OVER, down
 * OVER       | ignored     ignored        ignored       -                -              ignored       ignored          ignored          ignored
 * </pre>
 *
 * A dash is misuse by the caller. A cut ends the connection, and the loss that follows brings the session down.
 */
final class AcceptorHandshake {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptorHandshake.class);

    private State state = State.AWAITING;

    enum State {
        AWAITING,
        PROVING,
        ADMITTING,
        ABANDONED,
        WELCOMING,
        UP,
        OVER
    }

    /** What to do now. */
    sealed interface Action {}

    /** Check the Hello, off the event loop, then {@link #onProof}. */
    record Prove(SignedHello hello) implements Action {}

    /** Ask for leases, then {@link #onAdmission}. */
    record Admit(Proof.Proved proved) implements Action {}

    /** Send Welcome, then {@link #onWelcomeSent}. */
    record Welcome() implements Action {}

    /** Streams may be opened: say so. */
    record Up() implements Action {}

    /** Send the refusal and close. */
    record Refuse(Refusal refusal) implements Action {}

    /** A message for the owner of the session. */
    record Deliver(Control message) implements Action {}

    /** End the connection without another word. */
    record Cut(ErrorCode code, String reason) implements Action {}

    /** An admitted session has ended: say so. */
    record Down() implements Action {}

    record Nothing() implements Action {}

    private static final Nothing NOTHING = new Nothing();

    State state() {
        return state;
    }

    /** @throws ProtocolViolation for what a dialler must not send in this state */
    Action onControl(Control message) throws ProtocolViolation {
        return switch (state) {
            case AWAITING -> onFirst(message);
            case PROVING, ADMITTING, WELCOMING ->
                throw new ProtocolViolation(
                        ErrorCode.PROTOCOL, message.getMessageCase() + " before Welcome (expected: nothing)");
            case UP -> new Deliver(message);
            case ABANDONED, OVER -> NOTHING;
        };
    }

    private Action onFirst(Control message) throws ProtocolViolation {
        if (!message.hasHello()) {
            throw new ProtocolViolation(
                    ErrorCode.PROTOCOL, message.getMessageCase() + " as the first message (expected: HELLO)");
        }
        become(State.PROVING);
        return new Prove(message.getHello());
    }

    Action onProof(Proof proof) {
        if (state == State.OVER) {
            return NOTHING;
        }
        require(State.PROVING, "proof");
        if (proof instanceof Proof.Proved proved) {
            become(State.ADMITTING);
            return new Admit(proved);
        }
        become(State.OVER);
        return new Refuse(((Proof.Unproved) proof).refusal());
    }

    Action onAdmitted() {
        if (state == State.ABANDONED) {
            become(State.OVER);
            return new Down();
        }
        require(State.ADMITTING, "admission");
        become(State.WELCOMING);
        return new Welcome();
    }

    /** Welcome has left this side, so that nothing can overtake it. */
    Action onWelcomeSent() {
        if (state == State.OVER) {
            return NOTHING;
        }
        require(State.WELCOMING, "sent Welcome");
        become(State.UP);
        return new Up();
    }

    Action onNotAdmitted(Refusal refusal) {
        if (state == State.ABANDONED) {
            become(State.OVER);
            return NOTHING;
        }
        require(State.ADMITTING, "refusal");
        become(State.OVER);
        return new Refuse(refusal);
    }

    Action onDeadline(long handshakeMillis) {
        String within = " within " + handshakeMillis + " ms";
        return switch (state) {
            case AWAITING -> fail(ErrorCode.DEADLINE, "no Hello" + within + " (expected: Hello first)");
            case PROVING -> fail(ErrorCode.DEADLINE, "Hello not checked" + within + " (retry later)");
            case ADMITTING -> fail(ErrorCode.DEADLINE, "not admitted" + within + " (retry later)");
            case WELCOMING -> fail(ErrorCode.DEADLINE, "Welcome not taken" + within);
            case ABANDONED, UP, OVER -> NOTHING;
        };
    }

    /** The dialler broke a rule. */
    Action onViolation(ErrorCode code, String text) {
        return fail(code, text);
    }

    private Action fail(ErrorCode code, String text) {
        return switch (state) {
            case AWAITING, PROVING -> {
                become(State.OVER);
                yield new Refuse(Refusals.of(code, text));
            }
            case ADMITTING -> {
                become(State.ABANDONED);
                yield new Refuse(Refusals.of(code, text));
            }
            case WELCOMING, UP -> new Cut(code, text);
            case ABANDONED, OVER -> NOTHING;
        };
    }

    /** The connection is gone, by whichever end. */
    Action onLost() {
        return switch (state) {
            case AWAITING, PROVING -> {
                become(State.OVER);
                yield NOTHING;
            }
            case ADMITTING -> {
                become(State.ABANDONED);
                yield NOTHING;
            }
            case WELCOMING, UP -> {
                become(State.OVER);
                yield new Down();
            }
            case ABANDONED, OVER -> NOTHING;
        };
    }

    private void require(State expected, String event) {
        if (state != expected) {
            throw new IllegalStateException(event + " in state " + state + " (expected: " + expected + ")");
        }
    }

    private void become(State next) {
        LOG.debug("handshake {} -> {}", state, next);
        state = next;
    }
}
