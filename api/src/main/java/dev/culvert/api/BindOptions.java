package dev.culvert.api;

/**
 * How to offer a service. <em>Immutable.</em>
 *
 * @param port virtual port, unsigned; 0: none
 * @param shared other nodes may offer the name too, if they say so as well; a dial takes one of them
 * @param publicPort TCP port at the relay that shall lead to the service; 0: any; -1: none
 * @param backlog callers that may wait for {@link StreamListener#accept()}; more are refused BUSY
 * @param mode what the service's streams carry; a stream opened in another is refused PROTOCOL
 */
public record BindOptions(int port, boolean shared, int publicPort, int backlog, StreamMode mode) {
    public static final BindOptions DEFAULT = new BindOptions(0, false, -1, 1024, StreamMode.BYTES);

    public BindOptions {
        if (publicPort < -1 || publicPort > 65535) {
            throw new IllegalArgumentException("publicPort: " + publicPort + " (expected: -1 to 65535)");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog: " + backlog + " (expected: >= 1)");
        }
    }

    public BindOptions withPort(int newPort) {
        return new BindOptions(newPort, shared, publicPort, backlog, mode);
    }

    public BindOptions withShared(boolean newShared) {
        return new BindOptions(port, newShared, publicPort, backlog, mode);
    }

    public BindOptions withPublicPort(int newPublicPort) {
        return new BindOptions(port, shared, newPublicPort, backlog, mode);
    }

    public BindOptions withBacklog(int newBacklog) {
        return new BindOptions(port, shared, publicPort, newBacklog, mode);
    }

    public BindOptions withMode(StreamMode newMode) {
        return new BindOptions(port, shared, publicPort, backlog, newMode);
    }
}
