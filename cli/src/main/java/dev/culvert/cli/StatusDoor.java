package dev.culvert.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where {@code culvert status} asks a running process: a Unix domain socket in the state directory, which only its owner may enter. Who
 * connects is told the status as one line of JSON. Any thread; one thread of its own.
 */
final class StatusDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusDoor.class);
    private static final String SUFFIX = ".sock";
    /** What the address of such a socket may have on all systems. */
    private static final int MAX_PATH_BYTES = 100;

    private final Path socket;
    private final ServerSocketChannel server;
    private final Supplier<String> status;

    private StatusDoor(Path socket, ServerSocketChannel server, Supplier<String> status) {
        this.socket = socket;
        this.server = server;
        this.status = status;
    }

    /** @param folder is made if it is not there */
    static StatusDoor open(Path folder, long pid, Supplier<String> status) throws IOException {
        Path socket = place(folder, pid);
        Files.deleteIfExists(socket); // left by a process that was killed
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        StatusDoor door = new StatusDoor(socket, server, status);
        Thread thread = new Thread(door::serve, "culvert-status");
        thread.setDaemon(true);
        thread.start();
        return door;
    }

    /** In the folder; where its name is too long for a socket, elsewhere with a link to it in the folder. */
    private static Path place(Path folder, long pid) throws IOException {
        StateDirectory.makeForOwner(folder);
        Path socket = folder.resolve(pid + SUFFIX);
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES) {
            return socket;
        }
        Path elsewhere = Files.createTempDirectory("culvert").resolve(pid + SUFFIX);
        Files.deleteIfExists(socket);
        Files.createSymbolicLink(socket, elsewhere);
        return elsewhere;
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel caller = server.accept()) {
                ByteBuffer answer = ByteBuffer.wrap((status.get() + "\n").getBytes(StandardCharsets.UTF_8));
                while (answer.hasRemaining()) {
                    caller.write(answer);
                }
            } catch (ClosedChannelException e) {
                return; // closed by us
            } catch (IOException e) {
                LOG.debug("a caller of status went away: {}", e.toString());
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.debug("{} stays behind: {}", socket, e.toString());
        }
    }
}
