package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.transport.ConnectFailed;

/**
 * Why an attempt to link came to nothing, or a link was lost. <em>Immutable.</em>
 *
 * @param reason one line for an operator
 * @param cure what may mend it
 */
record Failure(ErrorCode code, String reason, Cure cure, BackOff.Hint hint) {
    enum Cure {
        /** Trying again. */
        RETRY,
        /** A person at first; but to a link that has been up before it is a network in between that will go away. */
        PERSON_UNLESS_PROVED,
        /** A person. */
        PERSON
    }

    static Failure passing(ErrorCode code, String reason) {
        return new Failure(code, reason, Cure.RETRY, BackOff.Hint.NONE);
    }

    /** The connection did not come about, or another failure of the transport. */
    static Failure of(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        boolean lasting = cause instanceof ConnectFailed failed && !failed.retryHelps();
        return lasting
                ? new Failure(ErrorCode.UNAUTHENTICATED, reason, Cure.PERSON_UNLESS_PROVED, BackOff.Hint.NONE)
                : passing(cause instanceof ConnectFailed ? ErrorCode.NO_ROUTE : ErrorCode.LINK_LOST, reason);
    }

    static Failure of(Refusal refusal) {
        return new Failure(
                ErrorCode.of(refusal.getCode()),
                PeerText.oneLine(refusal.getText()),
                refusal.getRetryHelps() ? Cure.RETRY : Cure.PERSON,
                BackOff.Hint.of(refusal.getRetryAfterMillis(), refusal.getSpreadMillis()));
    }

    /** The same after the last retry that was wanted. */
    Failure forGood() {
        return new Failure(code, reason + " (no retries are left)", Cure.PERSON, hint);
    }

    static Failure impostor(String reason) {
        return new Failure(ErrorCode.UNAUTHENTICATED, reason, Cure.PERSON_UNLESS_PROVED, BackOff.Hint.NONE);
    }

    /**
     * The relay has told a session that was up why it ends it. FENCED passes: a later session of this very process has taken over, and
     * whoever made that one closes this link; if nobody did, the relay is to be asked again.
     */
    static Failure revoked(ErrorCode code, String reason) {
        boolean passes = code.retryHelps() || code == ErrorCode.FENCED;
        return new Failure(code, PeerText.oneLine(reason), passes ? Cure.RETRY : Cure.PERSON, BackOff.Hint.NONE);
    }
}
