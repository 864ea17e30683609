package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import java.util.concurrent.CompletionStage;

/** What the owner of links (a node) is told. Every call is on the session's event loop, in order per session. */
public interface SessionListener {
    /**
     * At the acceptor, after identity is proved and before Welcome: decides on leases. Completes on any thread within the
     * handshake's deadline; if the connection dies meanwhile, {@link #onDown} follows a positive answer all the same.
     */
    CompletionStage<Admission> admit(Session session, Hello hello);

    /** The handshake is complete at this side. At the dialler {@code welcome} is the relay's, at the acceptor our own. */
    void onUp(Session session, Welcome welcome);

    /** The peer opened a stream; StreamOpen is still to be read from it. */
    StreamHandler onStream(Session session, MuxStream stream);

    /** A control message other than those of the handshake. */
    void onControl(Session session, Control message);

    /** The session is over. Once for each session that was admitted or up. */
    void onDown(Session session, ErrorCode code, String reason);

    /** The node's answer to a proved dialler. */
    sealed interface Admission permits Admitted, NotAdmitted {}

    /** @param welcome node, results and relays filled in; link adds parameters, principal and signature */
    record Admitted(Welcome welcome) implements Admission {}

    /** The dialler is told why, and the connection ends. */
    record NotAdmitted(Refusal refusal) implements Admission {}
}
