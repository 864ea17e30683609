package dev.culvert.api;

/** A service that this node offers. Any thread. */
public interface Binding extends AutoCloseable {
    /** The service's name; empty if it has a virtual port only. */
    String service();

    /** The virtual port, unsigned; 0: none. */
    int port();

    /** The TCP port at the relay that leads to it; 0: none, or not known yet. */
    int publicPort();

    /** Withdraws the name; streams that are open live on. Idempotent. */
    @Override
    void close();
}
