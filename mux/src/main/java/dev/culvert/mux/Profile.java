package dev.culvert.mux;

/** The dialect that a session speaks, fixed by the version byte of its first frame. <em>Immutable.</em> [MUX-1] */
public enum Profile {
    /** Plain yamux, version byte 0. */
    Y,
    /** Extended, version byte 1. */
    X
}
