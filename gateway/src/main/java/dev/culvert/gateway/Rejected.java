package dev.culvert.gateway;

/** A request that goes nowhere. Carries what the client is told; no stack, since it is no fault of ours. */
final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient HttpFault fault;
    private final boolean understood;

    /** The request is understood, and what follows it will be too. */
    Rejected(HttpFault fault) {
        this(fault, true);
    }

    private Rejected(HttpFault fault, boolean understood) {
        super(fault.text(), null, false, false);
        this.fault = fault;
        this.understood = understood;
    }

    /** Where this message ends is not certain: nothing behind it is read. */
    static Rejected malformed(HttpFault fault) {
        return new Rejected(fault, false);
    }

    boolean isUnderstood() {
        return understood;
    }

    HttpFault fault() {
        return fault;
    }
}
