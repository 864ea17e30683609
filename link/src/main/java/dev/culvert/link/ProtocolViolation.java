package dev.culvert.link;

import dev.culvert.api.ErrorCode;

/** The peer broke a rule of the protocol; its session, or the stream it did so on, ends with {@link #code()}. <em>Immutable.</em> */
public final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String text;

    public ProtocolViolation(ErrorCode code, String text) {
        super(text);
        this.code = code;
        this.text = text;
    }

    /** One line for both ends: the value and the expectation. */
    public String text() {
        return text;
    }

    public ErrorCode code() {
        return code;
    }
}
