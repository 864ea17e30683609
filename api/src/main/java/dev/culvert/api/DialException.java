package dev.culvert.api;

/** A dial was refused or did not come about. <em>Immutable.</em> */
public final class DialException extends CulvertException {
    private static final long serialVersionUID = 1L;

    private final boolean notDelivered;

    public DialException(ErrorCode code, String hop, String text, String nextStep, boolean notDelivered) {
        super(code, hop, text, nextStep);
        this.notDelivered = notDelivered;
    }

    /** Whether it is certain that no byte reached a service, so that the same dial is safe to repeat. [OPEN-10] */
    public boolean notDelivered() {
        return notDelivered;
    }
}
