package dev.culvert.node;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;

/** A call that has reached a service of this node and wants one answer. Owned by its stream's loop. */
interface Incoming {
    Call call();

    MuxStream stream();

    /** Who opened the stream. */
    Peer from();

    /** The caller has gone before the answer; the task runs on the stream's loop. */
    void onGone(Runnable task);

    /** Accepts: the handler gets everything behind StreamOpen, and counts it as traffic. False if the caller has gone. */
    boolean accept(StreamHandler handler);

    void refuse(Refused refused);
}
