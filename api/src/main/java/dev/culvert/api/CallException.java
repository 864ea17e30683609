package dev.culvert.api;

/**
 * A call that reached its service and has no answer. Thrown by a {@link CallHandler}, it tells the caller; at the caller it says what the
 * handler said, or what became of the call. <em>Immutable.</em>
 */
public final class CallException extends CulvertException {
    private static final long serialVersionUID = 1L;

    private final int number;
    private final String text;

    /**
     * @param number one of {@link ErrorCode} but 0, or an application's from 0x100
     * @param text for the caller: one line
     */
    public CallException(int number, String text) {
        super(ErrorCode.of(number), "", text + " (code " + number + ")", "");
        if (number <= 0) {
            throw new IllegalArgumentException("number: " + number + " (expected: more than 0)");
        }
        this.number = number;
        this.text = text;
    }

    public CallException(ErrorCode code, String text) {
        this(code.number(), text);
    }

    /** The code as it came over the wire, application codes included. */
    public int number() {
        return number;
    }

    /** What the handler said, without the code. */
    public String text() {
        return text;
    }
}
