package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.gateway.Access;
import dev.culvert.node.Visibility;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.Scope;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may call a relay's services over HTTP: anyone those that are public, else whoever shows a credential whose scope permits the dial.
 * <em>Immutable.</em>
 *
 * @param mayBePublic names that this relay lets be public
 * @param registered what is registered here
 */
record HttpAccess(
        NamePatterns mayBePublic, Function<Address, Visibility> registered, CredentialAuthenticator credentials)
        implements Access {
    private static final String SHOW =
            "show a credential that may dial it: curl -H 'Culvert-Authorization: Bearer CREDENTIAL' ...; or let anyone call it:"
                    + " culvert expose --public";

    @Override
    public Verdict judge(Address address, @Nullable String credential) {
        return credential == null ? anyone(address) : holder(address, credential);
    }

    private Verdict anyone(Address address) {
        return switch (registered.apply(address)) {
            case PUBLIC ->
                mayBePublic.matches(label(address))
                        ? new Admitted(address, "")
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

    private Verdict holder(Address address, String credential) {
        Authenticator.Verdict verdict = credentials.present(credential);
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
        Address there = new Address(address.node(), address.service(), address.port(), namespace);
        return new Admitted(there, accepted.principal().id());
    }

    private static String label(Address address) {
        return address.port() == 0 ? address.service() : ":" + Integer.toUnsignedString(address.port());
    }
}
