package dev.culvert.api;

import java.nio.channels.ClosedChannelException;

/** A read or a write of what this end itself has closed, before the call or while it waited. <em>Immutable.</em> */
public final class StreamClosedException extends ClosedChannelException {
    private static final long serialVersionUID = 1L;

    private final String text;

    public StreamClosedException(String text) {
        this.text = text;
    }

    @Override
    public String getMessage() {
        return text;
    }
}
