package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.gateway.Access;
import dev.culvert.gateway.BackstreamAccess;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.Scope;
import org.jspecify.annotations.Nullable;

/** Who may have which name at a relay's HTTP port: whoever shows a credential whose scope permits to register it. <em>Immutable.</em> */
record HttpNames(CredentialAuthenticator credentials) implements BackstreamAccess {
    @Override
    public Access.Verdict mayRegister(String name, @Nullable String credential) {
        if (credential == null) {
            return new Access.Refused(
                    ErrorCode.UNAUTHENTICATED,
                    "a client of backstream without a credential",
                    "show one in the URL: ws://HOST:PORT/ws?credential=CREDENTIAL; culvert invite --register " + name
                            + " makes one");
        }
        Authenticator.Verdict verdict = credentials.present(credential);
        if (verdict instanceof Authenticator.Refused refused) {
            return new Access.Refused(refused.code(), refused.text(), "");
        }
        Authenticator.Accepted accepted = (Authenticator.Accepted) verdict;
        Scope scope = accepted.scope();
        if (!scope.namespace().equals(Scope.DEFAULT_NAMESPACE)) {
            return new Access.Refused(
                    ErrorCode.DENIED,
                    "the credential is for namespace '" + scope.namespace() + "' (expected: " + Scope.DEFAULT_NAMESPACE
                            + ", the relay's own, where clients of backstream are)",
                    "ask for another one, or link with culvert expose");
        }
        return scope.mayRegister(name)
                ? new Access.Admitted(
                        Address.service(name), accepted.principal().id())
                : new Access.Refused(
                        ErrorCode.DENIED,
                        "the credential may not register '" + name + "' (it may: " + scope + ")",
                        "ask for one that may: culvert invite --register " + name);
    }
}
