package dev.culvert.api;

/**
 * How to offer a service. <em>Immutable.</em>
 *
 * @param port virtual port, unsigned; 0: none
 * @param sharing who else may offer the name
 * @param publicPort TCP port at the relay that shall lead to the service; 0: any; -1: none
 * @param backlog callers that may wait for {@link StreamListener#accept()}; more are refused BUSY
 */
public record BindOptions(int port, Sharing sharing, int publicPort, int backlog) {
    public static final BindOptions DEFAULT = new BindOptions(0, Sharing.NODES, -1, 1024);

    public BindOptions {
        if (publicPort < -1 || publicPort > 65535) {
            throw new IllegalArgumentException("publicPort: " + publicPort + " (expected: -1 to 65535)");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog: " + backlog + " (expected: >= 1)");
        }
    }

    public BindOptions withPort(int newPort) {
        return new BindOptions(newPort, sharing, publicPort, backlog);
    }

    public BindOptions withSharing(Sharing newSharing) {
        return new BindOptions(port, newSharing, publicPort, backlog);
    }

    public BindOptions withPublicPort(int newPublicPort) {
        return new BindOptions(port, sharing, newPublicPort, backlog);
    }

    public BindOptions withBacklog(int newBacklog) {
        return new BindOptions(port, sharing, publicPort, newBacklog);
    }
}
