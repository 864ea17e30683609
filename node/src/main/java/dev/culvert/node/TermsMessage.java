package dev.culvert.node;

import dev.culvert.api.PublicTerms;
import dev.culvert.link.proto.Registration;

/** {@link PublicTerms} on the wire. [CTRL-4b] <em>Stateless.</em> */
final class TermsMessage {
    private TermsMessage() {}

    /** Terms count even where the message says beside them that anyone may. */
    static PublicTerms of(Registration message) {
        if (!message.hasPublicTerms()) {
            return message.getPublicHttp() ? PublicTerms.ANYONE : PublicTerms.NOBODY;
        }
        var terms = message.getPublicTerms();
        return new PublicTerms(true, terms.getNetworksList(), terms.getPasswordsList(), terms.getPassTls());
    }

    /** A relay that knows nothing of terms takes a service that has some for one that is not public. */
    static void write(PublicTerms terms, Registration.Builder message) {
        message.setPublicHttp(terms.equals(PublicTerms.ANYONE));
        if (terms.open() && !terms.equals(PublicTerms.ANYONE)) {
            message.setPublicTerms(dev.culvert.link.proto.PublicTerms.newBuilder()
                    .addAllNetworks(terms.networks())
                    .addAllPasswords(terms.passwords())
                    .setPassTls(terms.passTls()));
        }
    }
}
