package dev.culvert.link;

import java.util.Optional;

/** The standing relation to one relay: connects, proves, keeps alive and reconnects until closed or refused. Any thread. */
public final class Link implements AutoCloseable {
    Link() {}

    public RelayTarget target() {
        throw new UnsupportedOperationException();
    }

    /** The session in force, if the link is up now. */
    public Optional<Session> session() {
        throw new UnsupportedOperationException();
    }

    /** Ends the session and never connects again. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
