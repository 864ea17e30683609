package dev.culvert.bench;

/** A trial had an error, and is none: its figures are not used. */
final class TrialFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    TrialFailed(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
