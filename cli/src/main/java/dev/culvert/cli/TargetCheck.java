package dev.culvert.cli;

import dev.culvert.node.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * Whether something listens at a target just now: a hint for the person who types, since a target may well start later.
 * <em>Immutable.</em>
 *
 * @param fault empty if something listens
 */
record TargetCheck(Target target, String fault) {
    private static final int PATIENCE_MILLIS = 1_000;

    static TargetCheck of(Target target) {
        try {
            connect(target);
            return new TargetCheck(target, "");
        } catch (IOException e) {
            return new TargetCheck(target, String.valueOf(e.getMessage()));
        }
    }

    private static void connect(Target target) throws IOException {
        if (target instanceof Target.Tcp tcp) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(tcp.host(), tcp.port()), PATIENCE_MILLIS);
            }
        } else if (target instanceof Target.Unix unix) {
            SocketChannel.open(UnixDomainSocketAddress.of(unix.path())).close();
        }
    }

    Event event(Screen screen) {
        String text = fault.isEmpty()
                ? "   " + screen.ok() + " target " + target
                : "   -- target " + target + ": nothing answers there (" + fault
                        + "); callers are refused until it does, and READY waits for it";
        return Event.of("target", text).with("target", target.toString()).with("fault", fault);
    }
}
