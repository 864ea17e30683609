package dev.culvert.node;

import dev.culvert.api.ErrorCode;

/**
 * The answer to a request. <em>Immutable.</em>
 *
 * @param text for the one who asked: the value, the expectation, the next step
 */
record Outcome(ErrorCode code, String text) {
    static final Outcome OK = new Outcome(ErrorCode.OK, "");

    boolean isOk() {
        return code == ErrorCode.OK;
    }
}
