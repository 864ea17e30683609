package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Role;
import dev.culvert.mux.MuxSession;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.util.UUID;

/**
 * One authenticated connection of a link, the same at both ends. Fields are immutable; calls that send belong to the mux's
 * event loop.
 */
public final class Session {
    Session() {}

    public MuxSession mux() {
        throw new UnsupportedOperationException();
    }

    /** Whether this side dialled. */
    public boolean dialled() {
        throw new UnsupportedOperationException();
    }

    /** The peer's node name. */
    public String peerNode() {
        throw new UnsupportedOperationException();
    }

    /** The dialler's instance, or the relay's boot id. */
    public UUID peerInstance() {
        throw new UnsupportedOperationException();
    }

    /** The dialler's attempt. */
    public long attempt() {
        throw new UnsupportedOperationException();
    }

    public Role peerRole() {
        throw new UnsupportedOperationException();
    }

    /** At the acceptor: who the peer was proved to be. At the dialler: the relay's key. */
    public Principal peer() {
        throw new UnsupportedOperationException();
    }

    /** At the acceptor: what the peer may do here. At the dialler: everything in {@link #namespace()}. */
    public Scope scope() {
        throw new UnsupportedOperationException();
    }

    public String namespace() {
        throw new UnsupportedOperationException();
    }

    /** For log lines and status: the peer's address as the transport prints it. */
    public String remoteAddress() {
        throw new UnsupportedOperationException();
    }

    /** At the acceptor: since the epoch, when the peer's credential ends; {@link Long#MAX_VALUE}: never. */
    public long expiresAtMillis() {
        throw new UnsupportedOperationException();
    }

    /** Ends the session now; every stream is told LINK_LOST. At the event loop. */
    public void close(ErrorCode code, String reason) {
        throw new UnsupportedOperationException();
    }

    /** Sends a control message on stream 1. */
    public void send(Control message) {
        throw new UnsupportedOperationException();
    }
}
