package dev.culvert.link.transport;

/** Is told each step of connecting that succeeded, in order. On the connection's event loop; must not block. */
@FunctionalInterface
public interface StepListener {
    StepListener NONE = (step, detail, nanos) -> {};

    /**
     * @param step {@code resolve}, {@code proxy}, {@code tcp}, {@code tls}, {@code tls pin}, {@code websocket}, {@code unix} or {@code mem}
     * @param detail for a person: the address, the protocol version
     * @param nanos how long the step took
     */
    void onStep(String step, String detail, long nanos);
}
