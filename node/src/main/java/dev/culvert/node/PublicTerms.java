package dev.culvert.node;

import dev.culvert.link.proto.Registration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may call a service through a relay's gateway without a credential of Culvert's: all that is said must be met. <em>Immutable.</em> What
 * networks and passwords look like is the gateway's affair; what it does not understand, it lets nobody in by. [CTRL-4b]
 *
 * @param open false: nobody, whatever else is said
 * @param networks of callers, as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; empty: any
 * @param passwords users with salted hashes, of which a caller must know one; empty: no password
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

    public PublicTerms withPassTls(boolean newPassTls) {
        return new PublicTerms(open, networks, passwords, newPassTls);
    }

    static PublicTerms of(boolean anyone) {
        return anyone ? ANYONE : NOBODY;
    }

    /** Terms count even where the message says beside them that anyone may. */
    static PublicTerms of(Registration message) {
        if (!message.hasPublicTerms()) {
            return of(message.getPublicHttp());
        }
        var terms = message.getPublicTerms();
        return new PublicTerms(true, terms.getNetworksList(), terms.getPasswordsList(), terms.getPassTls());
    }

    /** A relay that knows nothing of terms takes a service that has some for one that is not public. */
    void writeTo(Registration.Builder message) {
        message.setPublicHttp(equals(ANYONE));
        if (open && !equals(ANYONE)) {
            message.setPublicTerms(dev.culvert.link.proto.PublicTerms.newBuilder()
                    .addAllNetworks(networks)
                    .addAllPasswords(passwords)
                    .setPassTls(passTls));
        }
    }

    /** Why no relay takes them; null: nothing is wrong with them. */
    @Nullable
    String fault() {
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
