package dev.culvert.node;

/** What a service of this node does with a call. */
interface LocalService {
    /** On the stream's loop; answers now or later. */
    void open(Incoming incoming);

    /** For status: where it leads to. */
    String target();
}
