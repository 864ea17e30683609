package dev.culvert.cli;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import dev.culvert.policy.FileFault;
import java.io.IOException;

/**
 * A command could not do what it was asked for. The message is one line for a person: {@code <what> <value>: <expectation>; <next
 * command>}. <em>Immutable.</em>
 */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String reason;

    Failure(ExitCode exitCode, String message) {
        this(exitCode, exitCode.name(), message);
    }

    private Failure(ExitCode exitCode, String reason, String message) {
        super(message.replace('\n', ' '), null, false, false);
        this.exitCode = exitCode;
        this.reason = reason;
    }

    static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message);
    }

    /** What a constructor or parser objects to: its message is such a line already. */
    static Failure usage(Exception cause) {
        return usage(cause instanceof IOException file ? FileFault.text(file) : String.valueOf(cause.getMessage()));
    }

    /** What a node or relay reported, with a next step if it named none. */
    static Failure of(String what, CulvertException cause) {
        String message = what + ": " + cause.getMessage();
        String next = cause.nextStep().isEmpty() ? "; " + nextStep(cause.code()) : "";
        return new Failure(ExitCode.of(cause.code()), cause.code().name(), message + next);
    }

    /** A refusal that a listener was told. */
    static Failure refused(String what, ErrorCode code, String text) {
        String next = text.indexOf(';') < 0 ? "; " + nextStep(code) : "";
        return new Failure(ExitCode.of(code), code.name(), what + ": " + code + ": " + text + next);
    }

    /** What another process of this machine answered. */
    static Failure told(int exitCode, String reason, String message) {
        return new Failure(ExitCode.ofNumber(exitCode), reason, message);
    }

    /** The message. */
    String line() {
        return String.valueOf(getMessage());
    }

    ExitCode exitCode() {
        return exitCode;
    }

    /** One word for programs: an {@link ErrorCode} or an {@link ExitCode}. */
    String reason() {
        return reason;
    }

    /** What to type next after an error, where the one who reported it did not say. */
    static String nextStep(ErrorCode code) {
        return switch (code) {
            case OK, CANCELLED -> "nothing to do";
            case UNKNOWN_SERVICE -> "offer it with: culvert expose NAME TARGET";
            case NO_ROUTE, LINK_LOST -> "see what is linked with: culvert status; a retry may help";
            case DENIED -> "ask the relay's operator for more scope: culvert invite --help";
            case TARGET_REFUSED -> "start the target, then retry";
            case TARGET_LOST -> "see the target's own log; a retry may help";
            case DEADLINE, BUSY, OVERLOAD, DRAINING, SLOW_CONSUMER -> "retry later";
            case DUPLICATE_NODE -> "give this node another name: --name NAME";
            case NAME_TAKEN -> "choose another name, or expose it with --shared on both machines";
            case UNAUTHENTICATED, EXPIRED, REVOKED -> "ask the relay's operator for a new join string: culvert invite";
            case CLOCK_SKEW -> "set this machine's clock";
            case VERSION -> "install the same version on both machines: culvert --version";
            case FENCED -> "end the other process of this node";
            case LOOP, PROTOCOL, INTERNAL, TOO_LARGE -> "run again with -vv and report what it prints";
        };
    }
}
