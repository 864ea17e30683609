package dev.culvert.cli;

import dev.culvert.link.transport.Endpoint;
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
 * @param addresses under which nodes reach this relay, as {@code host:port}
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
        for (String address : addresses) {
            Endpoint.Tls at = address(address);
            relays.add(
                    new JoinString.Relay(at.host(), at.port(), relay.identity().publicKey()));
        }
        relays.addAll(others);
        try {
            NewInvite invite = relay.invites().make(grant, note);
            return new Made(invite.id(), new JoinString(relays, invite.token()).text());
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
        Endpoint.Tls at = address(text.substring(0, equals));
        return new JoinString.Relay(at.host(), at.port(), PublicKeys.parse("--relay", text.substring(equals + 1)));
    }

    /** Reads {@code host} or {@code host:port}. */
    static Endpoint.Tls address(String text) throws Failure {
        try {
            if (text.indexOf("//") < 0 && Endpoint.parse(text) instanceof Endpoint.Tls tls) {
                return tls;
            }
        } catch (IllegalArgumentException e) {
            throw Failure.usage("public address '" + text + "': " + e.getMessage());
        }
        throw Failure.usage("public address '" + text + "': expected host or host:port, as relay.example.com:7443");
    }
}
