package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Revoked;
import dev.culvert.link.proto.Role;
import dev.culvert.mux.MuxSession;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.util.UUID;

/**
 * One authenticated connection of a link, the same at both ends. Fields are immutable; calls that send or end belong to the mux's
 * event loop.
 */
public final class Session {
    private final MuxSession mux;
    private final ControlStream control;
    private final boolean dialled;
    private final Peer peer;

    Session(MuxSession mux, ControlStream control, boolean dialled, Peer peer) {
        this.mux = mux;
        this.control = control;
        this.dialled = dialled;
        this.peer = peer;
    }

    /** What the handshake said of the other end. <em>Immutable.</em> */
    record Peer(
            String node,
            UUID instance,
            long attempt,
            Role role,
            Principal principal,
            Scope scope,
            String remoteAddress,
            long expiresAtMillis) {}

    public MuxSession mux() {
        return mux;
    }

    /** Whether this side dialled. */
    public boolean dialled() {
        return dialled;
    }

    /** The peer's node name. */
    public String peerNode() {
        return peer.node();
    }

    /** The dialler's instance, or the relay's boot id. */
    public UUID peerInstance() {
        return peer.instance();
    }

    /** The dialler's attempt. */
    public long attempt() {
        return peer.attempt();
    }

    public Role peerRole() {
        return peer.role();
    }

    /** At the acceptor: who the peer was proved to be. At the dialler: the relay's key, or anonymous if it proved none. */
    public Principal peer() {
        return peer.principal();
    }

    /** At the acceptor: what the peer may do here. At the dialler: everything in {@link #namespace()}. */
    public Scope scope() {
        return peer.scope();
    }

    public String namespace() {
        return peer.scope().namespace();
    }

    /** For log lines and status: the peer's address as the transport prints it. */
    public String remoteAddress() {
        return peer.remoteAddress();
    }

    /** At the acceptor: since the epoch, when the peer's credential ends; {@link Long#MAX_VALUE}: never. */
    public long expiresAtMillis() {
        return peer.expiresAtMillis();
    }

    /** Sends a control message on stream 1; of no effect when the session is over. At the event loop. */
    public void send(Control message) {
        control.send(message);
    }

    /**
     * Ends the session; every stream is told LINK_LOST. For a reason that a reconnect cannot mend (FENCED, REVOKED, ...) the peer is told so
     * first, which takes half a second at most. At the event loop.
     */
    public void close(ErrorCode code, String reason) {
        if (code.retryHelps() || code == ErrorCode.OK || code == ErrorCode.INTERNAL || code == ErrorCode.PROTOCOL) {
            mux.close(code, reason);
        } else {
            dismiss(code, reason);
        }
    }

    /** Tells the peer the code and the reason, then ends the session, within half a second. At the event loop. */
    public void dismiss(ErrorCode code, String reason) {
        Revoked revoked =
                Revoked.newBuilder().setCode(code.number()).setText(reason).build();
        control.sendLast(Control.newBuilder().setRevoked(revoked).build(), code, reason);
    }

    /** Whether it has ended. At the event loop. */
    boolean ended() {
        return control.ended();
    }

    @Override
    public String toString() {
        return (dialled ? "session to " : "session from ") + peer.node() + " at " + peer.remoteAddress() + " #"
                + peer.attempt();
    }
}
