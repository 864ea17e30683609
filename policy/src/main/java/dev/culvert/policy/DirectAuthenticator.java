package dev.culvert.policy;

import dev.culvert.api.ErrorCode;

/**
 * Lets in who shows a ticket of this node's own, which gives a link and no right but to show further tickets; everybody else is another
 * authenticator's affair. <em>Any thread.</em> [DIRECT-4]
 */
public final class DirectAuthenticator implements Authenticator {
    private final DirectTickets tickets;
    private final Authenticator others;

    public DirectAuthenticator(DirectTickets tickets, Authenticator others) {
        this.tickets = tickets;
        this.others = others;
    }

    @Override
    public Verdict authenticate(Claim claim) {
        byte[] ticket = claim.ticket();
        if (ticket == null) {
            return others.authenticate(claim);
        }
        if (claim.publicKey() == null || Names.namespaceFault(claim.namespace()) != null) {
            return refused();
        }
        Principal principal = Principal.ofKey(claim.publicKey());
        if (tickets.leftForLink(ticket, principal, claim.namespace()) <= 0) {
            return refused();
        }
        Scope scope = new Scope(claim.namespace(), NamePatterns.NONE, NamePatterns.ALL, PortRange.NONE, false);
        return new Accepted(principal, scope, Long.MAX_VALUE);
    }

    private static Refused refused() {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "a ticket that is not good, or not any more (expected: one that this node gave this key; dial through a relay)");
    }
}
