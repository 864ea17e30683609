package dev.culvert.mux;

import dev.culvert.api.ErrorCode;

/** A request to a session that it cannot meet. */
public final class MuxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public MuxException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
