package dev.culvert.policy;

/**
 * Lets everybody do everything, in whatever namespace is asked for: only for {@code --insecure} and for tests. <em>Immutable.</em> A key
 * that was proved is still the principal, so that names have owners.
 */
public final class InsecureAuthenticator implements Authenticator {
    private static final PortRange ALL_PORTS = new PortRange(1, 65535);

    @Override
    public Verdict authenticate(Claim claim) {
        String namespace = claim.namespace().isEmpty() ? Scope.DEFAULT_NAMESPACE : claim.namespace();
        String fault = Names.namespaceFault(namespace);
        if (fault != null) {
            return Refusals.badNamespace(fault);
        }
        byte[] key = claim.publicKey();
        return new Accepted(
                key == null ? Principal.ANONYMOUS : Principal.ofKey(key),
                new Scope(namespace, NamePatterns.ALL, NamePatterns.ALL, ALL_PORTS, true),
                Long.MAX_VALUE);
    }
}
