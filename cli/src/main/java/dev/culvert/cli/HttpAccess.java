package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.PublicTerms;
import dev.culvert.gateway.Access;
import dev.culvert.node.Publication;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may call a relay's services over HTTP: anyone those that are public, else whoever shows a credential whose scope permits the dial.
 * <em>Immutable.</em>
 *
 * @param mayBePublic names that this relay lets be public
 * @param registered what is registered here
 * @param rules that this relay adds
 */
record HttpAccess(
        NamePatterns mayBePublic,
        Function<Address, Publication> registered,
        CredentialAuthenticator credentials,
        List<Rule> rules)
        implements Access {
    private static final String SHOW =
            "show a credential that may dial it: curl -H 'Culvert-Authorization: Bearer CREDENTIAL' ...; or let anyone call it:"
                    + " culvert expose --public";

    /** Terms of the relay's own for services of these names. */
    record Rule(NamePatterns names, PublicTerms terms) {
        /** For a service whose TLS passes, or does not: with passwords that cannot be shown there, too. */
        PublicTerms terms(boolean passTls) {
            return new PublicTerms(true, terms.networks(), terms.passwords(), passTls);
        }
    }

    @Override
    public Verdict judge(Address address, @Nullable String credential) {
        return credential == null
                ? anyone(in(address.namespace(), address))
                : holder(address, credentials.present(credential));
    }

    /** The relay's own namespace goes without saying: a service has one name in limits, logs and metrics, whoever calls it. */
    private static Address in(String namespace, Address address) {
        String said = namespace.equals(Scope.DEFAULT_NAMESPACE) ? "" : namespace;
        return new Address(address.node(), address.service(), address.port(), said);
    }

    private Verdict anyone(Address address) {
        Publication publication = registered.apply(address);
        return switch (publication.visibility()) {
            case PUBLIC ->
                mayBePublic.matches(label(address))
                        ? new Admitted(address, "", terms(address, publication))
                        : new Refused(
                                ErrorCode.UNAUTHENTICATED,
                                "'" + address + "' would be public, and this relay does not let it be (--http-public "
                                        + mayBePublic + ")",
                                SHOW);
            case PRIVATE -> new Refused(ErrorCode.UNAUTHENTICATED, "'" + address + "' is not public", SHOW);
            case AWAY ->
                new Refused(
                        ErrorCode.NO_ROUTE, "the link to the node that offers '" + address + "' is lost", "try again");
            case UNKNOWN ->
                new Refused(
                        ErrorCode.UNKNOWN_SERVICE,
                        "nobody offers '" + address + "' here",
                        "see what is offered with: culvert services");
        };
    }

    @Override
    public Verdict judgeCertificate(Address address, List<String> names) {
        return holder(address, credentials.presentCertificate(names));
    }

    private Verdict holder(Address address, Authenticator.Verdict verdict) {
        if (verdict instanceof Authenticator.Refused refused) {
            return new Refused(refused.code(), refused.text(), "");
        }
        Authenticator.Accepted accepted = (Authenticator.Accepted) verdict;
        Scope scope = accepted.scope();
        String namespace = address.namespace().isEmpty() ? scope.namespace() : address.namespace();
        boolean name = address.port() == 0 ? scope.mayDial(address.service()) : scope.mayDialPort(address.port());
        if (!name || !namespace.equals(scope.namespace())) {
            return new Refused(
                    ErrorCode.DENIED,
                    "the credential may not dial '" + address + "' (it may: " + scope + ")",
                    "ask for one that may: culvert invite --dial " + label(address));
        }
        Address there = in(namespace, address);
        return new Admitted(there, accepted.principal().id(), networks(there));
    }

    private List<PublicTerms> terms(Address address, Publication publication) {
        List<PublicTerms> terms = new ArrayList<>(publication.terms());
        boolean passTls = !terms.isEmpty() && terms.stream().allMatch(PublicTerms::passTls);
        rules.stream()
                .filter(rule -> rule.names().matches(label(address)))
                .forEach(rule -> terms.add(rule.terms(passTls)));
        return terms;
    }

    /** A credential stands in for a password, not for an address. */
    private List<PublicTerms> networks(Address address) {
        return terms(address, registered.apply(address)).stream()
                .filter(terms -> !terms.networks().isEmpty())
                .map(terms -> new PublicTerms(true, terms.networks(), List.of(), false))
                .toList();
    }

    private static String label(Address address) {
        return address.port() == 0 ? address.service() : ":" + Integer.toUnsignedString(address.port());
    }
}
