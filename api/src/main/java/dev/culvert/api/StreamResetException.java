package dev.culvert.api;

/** A stream ended abnormally: reset by the other end, by a rule on the way, or with its link. <em>Immutable.</em> */
public final class StreamResetException extends CulvertException {
    private static final long serialVersionUID = 1L;

    private final int number;

    /** @param number as it came over the wire: one of {@link ErrorCode}, or an application's from 0x100 */
    public StreamResetException(int number, String text) {
        this(number, "", text, "");
    }

    /**
     * @param hop the node whose end was broken off; empty: not known
     * @param nextStep what to do next, for a person; empty: nothing
     */
    public StreamResetException(int number, String hop, String text, String nextStep) {
        super(ErrorCode.of(number), hop, text + " (code " + number + ")", nextStep);
        this.number = number;
    }

    /** The code as it came over the wire, application codes included. */
    public int number() {
        return number;
    }
}
