package dev.culvert.api;

/** A relay did not take a service. <em>Immutable.</em> */
public final class RegistrationException extends CulvertException {
    private static final long serialVersionUID = 1L;

    public RegistrationException(ErrorCode code, String hop, String text, String nextStep) {
        super(code, hop, text, nextStep);
    }
}
