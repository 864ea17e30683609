package dev.culvert.cli;

import dev.culvert.link.PublicAddress;
import dev.culvert.policy.FileFault;
import dev.culvert.policy.Grant;
import dev.culvert.policy.Invites.NewInvite;
import dev.culvert.policy.JoinString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes join strings. Main thread.
 *
 * @param addresses under which nodes reach this relay, as {@link PublicAddress} has it; all over one transport
 * @param others relays that take join strings of this issuer too
 */
record InviteMaker(RelayState relay, List<String> addresses, List<JoinString.Relay> others) {
    InviteMaker(RelayState relay, List<String> addresses) {
        this(relay, addresses, List.of());
    }

    /**
     * A join string and the id of its invite.
     *
     * @param text the secret
     */
    record Made(String id, String text) {
        @Override
        public String toString() {
            return "Made[" + id + "]";
        }
    }

    Made make(Grant grant, String note) throws Failure {
        List<JoinString.Relay> relays = new ArrayList<>();
        List<PublicAddress> own = addresses(addresses);
        own.forEach(at -> relays.add(at.relay(relay.identity().publicKey())));
        relays.addAll(others);
        try {
            NewInvite invite = relay.invites().make(grant, note);
            return new Made(invite.id(), new JoinString(relays, invite.token(), PublicAddress.transport(own)).text());
        } catch (IOException e) {
            throw Failure.usage("invites in " + relay.folder() + ": " + FileFault.text(e));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    /** Reads {@code host:port=key}. */
    static JoinString.Relay other(String text) throws Failure {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw Failure.usage("--relay '" + text + "': expected HOST:PORT=KEY, with the key that this prints there:"
                    + " culvert invite issuer");
        }
        PublicAddress at = address(text.substring(0, equals));
        return at.relay(PublicKeys.parse("--relay", text.substring(equals + 1)));
    }

    static List<PublicAddress> addresses(List<String> texts) throws Failure {
        List<PublicAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(address(text));
        }
        return addresses;
    }

    /** Reads {@code host} or {@code host:port}, with a transport before it or not. */
    static PublicAddress address(String text) throws Failure {
        try {
            return PublicAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }
}
