package dev.culvert.mux;

/** The dialect that a session speaks, fixed by the version byte of its first frame. <em>Immutable.</em> [MUX-1] */
public enum Profile {
    /** Plain yamux, version byte 0. */
    Y,
    /** Extended, version byte 1. */
    X;

    /** The first byte of every frame. */
    int version() {
        return this == X ? 1 : 0;
    }

    /** The profile of a version byte. */
    static Profile of(int version) throws ProtocolViolation {
        return switch (version) {
            case 0 -> Y;
            case 1 -> X;
            default -> throw new ProtocolViolation("frame version: " + version + " (expected: 0 or 1)");
        };
    }
}
