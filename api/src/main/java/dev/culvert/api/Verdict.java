package dev.culvert.api;

/**
 * What a validator decides. <em>Immutable.</em>
 *
 * @param code OK: accepted; else the reason, from which the other end also sees whether a retry can help
 * @param text for the other end: one line, cut to {@value #MAX_TEXT} characters
 */
public record Verdict(ErrorCode code, String text) {
    public static final int MAX_TEXT = 1_000;

    public static final Verdict ACCEPT = new Verdict(ErrorCode.OK, "");

    public Verdict {
        text = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** DENIED: the same again will be refused too. */
    public static Verdict refuse(String text) {
        return new Verdict(ErrorCode.DENIED, text);
    }

    public boolean isAccepted() {
        return code == ErrorCode.OK;
    }
}
