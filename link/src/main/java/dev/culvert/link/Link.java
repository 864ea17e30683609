package dev.culvert.link;

/** The standing relation to one relay: connects, proves, keeps alive and reconnects until closed or refused. Any thread. */
public final class Link implements AutoCloseable {
    Link() {}

    /** Ends the session and never connects again. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
