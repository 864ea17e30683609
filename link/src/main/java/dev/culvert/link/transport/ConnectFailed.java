package dev.culvert.link.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection did not come about. The message is one line: where, which step, why, and the next thing to try. */
public final class ConnectFailed extends IOException {
    private static final long serialVersionUID = 1L;
    private final String step;
    private final boolean retryHelps;

    public ConnectFailed(String step, boolean retryHelps, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.step = step;
        this.retryHelps = retryHelps;
    }

    /** The step that failed, as in {@link StepListener}. */
    public String step() {
        return step;
    }

    /** False for what only a person can mend: a wrong pin, an untrusted certificate, a refused proxy credential. */
    public boolean retryHelps() {
        return retryHelps;
    }
}
