package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.PublicTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may call which service. Called on event loops, so it must not block; any thread. */
public interface Access {
    /** @param credential what follows the scheme in {@code Culvert-Authorization}; null: none was sent */
    Verdict judge(Address address, @Nullable String credential);

    /**
     * The same for who has shown no credential and proved to hold a certificate, which one of the authorities of {@link Certificates#of} signed.
     *
     * @param names that stand in the certificate, the first counts first
     */
    default Verdict judgeCertificate(Address address, List<String> names) {
        return new Refused(ErrorCode.DENIED, "certificates of clients count for nothing here", "show a credential");
    }

    /** The answer. */
    sealed interface Verdict permits Admitted, Refused {}

    /**
     * @param address to dial, with the namespace of the caller where that is not the node's own: one service is one text in limits, logs and
     *     metrics
     * @param caller a name for logs and limits; empty: anyone
     * @param terms that the gateway holds the request to, all of them
     */
    record Admitted(Address address, String caller, List<PublicTerms> terms) implements Verdict {
        public Admitted {
            terms = List.copyOf(terms);
        }

        /** Without terms. */
        public Admitted(Address address, String caller) {
            this(address, caller, List.of());
        }

        /** Who meets the terms. */
        Admitted withoutTerms(String newCaller) {
            return new Admitted(address, newCaller);
        }
    }

    /**
     * @param code {@link ErrorCode#UNAUTHENTICATED} and its like ask for a (better) credential, {@link ErrorCode#DENIED} for another one,
     *     {@link ErrorCode#UNKNOWN_SERVICE} says that there is no such name
     * @param text for the caller: the value, the expectation
     * @param next for the caller: what to do
     */
    record Refused(ErrorCode code, String text, String next) implements Verdict {}
}
