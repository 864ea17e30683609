package dev.culvert.api;

/** No link came up in time, or a relay refused this node. <em>Immutable.</em> */
public final class LinkException extends CulvertException {
    private static final long serialVersionUID = 1L;

    public LinkException(ErrorCode code, String hop, String text, String nextStep) {
        super(code, hop, text, nextStep);
    }
}
