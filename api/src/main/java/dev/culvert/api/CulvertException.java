package dev.culvert.api;

import java.io.IOException;

/**
 * Something in the network did not work. The message is one line: what, at which node, why, and the next step. <em>Immutable.</em>
 */
public sealed class CulvertException extends IOException
        permits CallException,
                DialException,
                LinkException,
                MessageException,
                RegistrationException,
                StreamResetException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hop;
    private final String nextStep;

    CulvertException(ErrorCode code, String hop, String text, String nextStep) {
        super(code + (hop.isEmpty() ? "" : " at " + hop) + ": " + text + (nextStep.isEmpty() ? "" : "; " + nextStep));
        this.code = code;
        this.hop = hop;
        this.nextStep = nextStep;
    }

    public ErrorCode code() {
        return code;
    }

    /** The name of the node that failed or refused; empty if that is not known. */
    public String hop() {
        return hop;
    }

    /** What to do next, for a person; empty if there is nothing. */
    public String nextStep() {
        return nextStep;
    }

    /** Whether the same again can succeed later. */
    public boolean retryHelps() {
        return code.retryHelps();
    }
}
