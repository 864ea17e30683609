package dev.culvert.node;

/** What a service of this node does with a call. */
interface LocalService {
    /** On the stream's loop; answers now or later. */
    void open(Incoming incoming);

    /** A relay asks whether callers reach it; on the stream's loop. Nothing stands behind this one that could be down. [OPEN-15] */
    default void probe(Incoming incoming) {
        Probe.accept(incoming);
    }

    /** For status: where it leads to. */
    String target();
}
