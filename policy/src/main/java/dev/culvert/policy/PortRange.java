package dev.culvert.policy;

/** Inclusive range of TCP ports; {@link #NONE} holds no port. <em>Immutable.</em> */
public record PortRange(int first, int last) {
    public static final PortRange NONE = new PortRange(1, 0);

    public boolean contains(int port) {
        return first <= port && port <= last;
    }
}
