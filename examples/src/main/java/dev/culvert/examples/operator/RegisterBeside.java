package dev.culvert.examples.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program beside a running agent, which offers its own port through it; what {@code culvert register} does too. It needs no library: one line
 * of JSON goes to the agent's socket, one comes back. The agent's user alone can reach that socket.
 */
public final class RegisterBeside {
    private RegisterBeside() {}

    /**
     * Until it is unregistered, or this process ends.
     *
     * @param home the agent's state directory
     * @return the agent's answer, a line of JSON
     */
    static String register(Path home, String service, int port) throws IOException {
        return ask(
                home,
                "{\"what\":\"register\",\"service\":\"%s\",\"target\":\"127.0.0.1:%d\",\"pid\":%d}"
                        .formatted(service, port, ProcessHandle.current().pid()));
    }

    static String unregister(Path home, String service) throws IOException {
        return ask(home, "{\"what\":\"unregister\",\"service\":\"%s\"}".formatted(service));
    }

    private static String ask(Path home, String request) throws IOException {
        try (SocketChannel agent = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            agent.connect(UnixDomainSocketAddress.of(socket(home)));
            agent.write(ByteBuffer.wrap((request + "\n").getBytes(UTF_8)));
            agent.shutdownOutput();
            return new String(Channels.newInputStream(agent).readAllBytes(), UTF_8).strip();
        }
    }

    /** There is one process of ours in this home. */
    private static Path socket(Path home) throws IOException {
        try (Stream<Path> sockets = Files.list(home.resolve("run"))) {
            List<Path> found =
                    sockets.filter(path -> path.toString().endsWith(".sock")).toList();
            if (found.size() != 1) {
                throw new IOException("agents in " + home + ": " + found + " (expected: one; start culvert agent)");
            }
            return found.get(0);
        }
    }
}
