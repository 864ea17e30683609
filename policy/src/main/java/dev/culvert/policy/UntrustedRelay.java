package dev.culvert.policy;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** The certificate of a relay is not acceptable. The message is one line: value, expectation, next step. */
public final class UntrustedRelay extends CertificateException {
    private static final long serialVersionUID = 1L;
    private final boolean retryHelps;

    UntrustedRelay(boolean retryHelps, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryHelps = retryHelps;
    }

    /** True for what time mends (a clock that is wrong, a certificate about to be renewed); false for a wrong key. */
    public boolean retryHelps() {
        return retryHelps;
    }
}
