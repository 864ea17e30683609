package dev.culvert.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may call a service through a relay's gateway without a credential of Culvert's: all that is said must be met. <em>Immutable.</em> [CTRL-4b]
 *
 * <p>The methods {@code with...} take what makes sense only. The constructor takes all, since terms come from newer nodes, too; what a gateway does
 * not understand, it lets nobody in by.
 *
 * @param open false: nobody, whatever else is said
 * @param networks of callers, as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; empty: any
 * @param passwords users with salted hashes, as {@link PasswordHash#text}, of which a caller must know one; empty: no password
 * @param passTls TLS for the service's host ends at the service, not at the gateway
 */
public record PublicTerms(boolean open, List<String> networks, List<String> passwords, boolean passTls) {
    public static final PublicTerms NOBODY = new PublicTerms(false, List.of(), List.of(), false);
    public static final PublicTerms ANYONE = new PublicTerms(true, List.of(), List.of(), false);

    private static final int MOST = 64;
    private static final int LONGEST = 256;

    public PublicTerms {
        networks = List.copyOf(networks);
        passwords = List.copyOf(passwords);
    }

    /**
     * Callers from these addresses only, and from those named before.
     *
     * @param network as {@code 10.0.0.0/8}, {@code 192.0.2.7} or {@code fd00::/8}
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public PublicTerms withNetwork(String network) {
        AddressRange.parse(network);
        List<String> more = new ArrayList<>(networks);
        more.add(network);
        return new PublicTerms(open, more, passwords, passTls).sound();
    }

    /**
     * Callers who know this password, or one of those named before.
     *
     * @throws IllegalArgumentException these terms leave TLS to the service, or have too many passwords
     */
    public PublicTerms withPassword(PasswordHash password) {
        List<String> more = new ArrayList<>(passwords);
        more.add(password.text());
        return new PublicTerms(open, networks, more, passTls).sound();
    }

    /** @throws IllegalArgumentException these terms ask for passwords, which nobody can read in TLS that passes */
    public PublicTerms withPassTls(boolean newPassTls) {
        return new PublicTerms(open, networks, passwords, newPassTls).sound();
    }

    private PublicTerms sound() {
        String fault = fault();
        if (fault == null && !open) {
            fault = "terms of a service that is not public (expected: PublicTerms.ANYONE with them)";
        }
        if (fault == null && passTls && !passwords.isEmpty()) {
            fault =
                    "passwords where TLS passes: a relay reads none in TLS that it does not end (expected: one of the two; let the"
                            + " service ask)";
        }
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        return this;
    }

    /** Why no relay takes them; null: nothing is wrong with them. */
    public @Nullable String fault() {
        if (networks.size() > MOST || passwords.size() > MOST) {
            return networks.size() + " networks and " + passwords.size() + " passwords (expected: at most " + MOST
                    + " of each)";
        }
        boolean longest = networks.stream().anyMatch(text -> text.length() > LONGEST)
                || passwords.stream().anyMatch(text -> text.length() > LONGEST);
        return longest ? "a network or a password of more than " + LONGEST + " characters" : null;
    }

    /** Without the hashes. */
    @Override
    public String toString() {
        return (open ? "public" : "not public")
                + (networks.isEmpty() ? "" : " to " + String.join(",", networks))
                + (passwords.isEmpty() ? "" : " by password")
                + (passTls ? ", TLS passed on" : "");
    }
}
