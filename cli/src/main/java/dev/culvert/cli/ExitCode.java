package dev.culvert.cli;

import dev.culvert.api.ErrorCode;

/** How a command ended, for scripts: whether a retry can help. <em>Immutable.</em> */
enum ExitCode {
    OK(0),
    /** A fault of Culvert's own, or a rule of the protocol broken. */
    INTERNAL(1),
    /** What was asked for makes no sense or cannot be done on this machine. */
    USAGE(2),
    /** The service was reached, its local target was not, or broke off. */
    TARGET(3),
    /** Not permitted, or not proved to be permitted. */
    DENIED(4),
    /** Nobody offers the name. */
    UNKNOWN_NAME(5),
    /** It does not work now; the same again may work later. */
    NO_ROUTE(6),
    /** Ended by a second Ctrl+C. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** {@link #INTERNAL} if there is no such number. */
    static ExitCode ofNumber(int number) {
        for (ExitCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return INTERNAL;
    }

    static ExitCode of(ErrorCode code) {
        return switch (code) {
            case OK -> OK;
            case UNKNOWN_SERVICE -> UNKNOWN_NAME;
            case TARGET_REFUSED, TARGET_LOST -> TARGET;
            case DENIED, NAME_TAKEN, DUPLICATE_NODE, UNAUTHENTICATED, EXPIRED, REVOKED, CLOCK_SKEW, VERSION, FENCED ->
                DENIED;
            case NO_ROUTE, DEADLINE, BUSY, DRAINING, LINK_LOST, SLOW_CONSUMER, OVERLOAD -> NO_ROUTE;
            case PROTOCOL, INTERNAL, CANCELLED, LOOP, TOO_LARGE -> INTERNAL;
        };
    }
}
