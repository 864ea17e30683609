package dev.culvert.api;

/**
 * A message could not be read: longer than the reader takes (TOO_LARGE; the stream goes on with the next message), or no message at all
 * (PROTOCOL; the stream is reset). <em>Immutable.</em>
 */
public final class MessageException extends CulvertException {
    private static final long serialVersionUID = 1L;

    public MessageException(ErrorCode code, String text, String nextStep) {
        super(code, "", text, nextStep);
    }
}
