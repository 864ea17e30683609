package dev.culvert.mux;

/** The peer broke a rule: the session ends with GoAway(1). Carries no stack, since the fault is not in our code. [MUX-6] */
final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String message) {
        super(message, null, false, false);
    }
}
