package dev.culvert.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the commands of this machine ask a running process: a Unix domain socket in the state directory, which only its owner may enter. Who
 * connects says one line of JSON and is answered with one. Any thread; a thread for each caller.
 */
final class LocalDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDoor.class);
    private static final String SUFFIX = ".sock";
    /** What the address of such a socket may have on all systems. */
    private static final int MAX_PATH_BYTES = 100;

    private static final int MAX_CALLERS = 256;
    private static final int MAX_REQUEST_BYTES = 1 << 16;
    private static final long PATIENCE_SECONDS = 10;

    private final Path socket;
    private final ServerSocketChannel server;
    private final Desk desk;
    private final Semaphore places = new Semaphore(MAX_CALLERS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> daemon(work));

    private LocalDoor(Path socket, ServerSocketChannel server, Desk desk) {
        this.socket = socket;
        this.server = server;
        this.desk = desk;
    }

    /** Answers callers. Any thread. */
    interface Desk {
        /** @param end completes when the caller goes */
        String answer(String request, CallerGone end);
    }

    /** The moment in which a caller goes. Owned by the caller's thread. */
    interface CallerGone {
        /** Runs once the caller has gone. The caller is waited for only if this was called. */
        void then(Runnable work);
    }

    /** @param folder is made if it is not there */
    static LocalDoor open(Path folder, long pid, Desk desk) throws IOException {
        Path socket = place(folder, pid);
        Files.deleteIfExists(socket); // left by a process that was killed
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        LocalDoor door = new LocalDoor(socket, server, desk);
        daemon(door::serve).start();
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

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "culvert-local");
        thread.setDaemon(true);
        return thread;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel caller = server.accept();
                if (places.tryAcquire()) {
                    daemon(() -> serve(caller)).start();
                } else {
                    caller.close();
                }
            } catch (ClosedChannelException e) {
                return; // closed by us
            } catch (IOException e) {
                LOG.debug("a caller went away: {}", e.toString());
            }
        }
    }

    private void serve(SocketChannel caller) {
        Stay stay = new Stay();
        try (caller;
                InputStream in = new BufferedInputStream(Channels.newInputStream(caller))) {
            String request = request(caller, in);
            ByteBuffer answer = StandardCharsets.UTF_8.encode(desk.answer(request, stay) + "\n");
            while (answer.hasRemaining()) {
                caller.write(answer);
            }
            if (stay.isWanted()) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            LOG.debug("a caller went away: {}", e.toString());
        } finally {
            places.release();
            stay.end();
        }
    }

    private String request(SocketChannel caller, InputStream in) throws IOException {
        ScheduledFuture<?> late = clock.schedule(() -> close(caller), PATIENCE_SECONDS, TimeUnit.SECONDS);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_REQUEST_BYTES; b = in.read()) {
            line.write(b);
        }
        late.cancel(false);
        return line.toString(StandardCharsets.UTF_8);
    }

    private static void close(SocketChannel caller) {
        try {
            caller.close();
        } catch (IOException e) {
            LOG.debug("a caller that said nothing: {}", e.toString());
        }
    }

    /** What is to be done when a caller goes. Owned by its thread. */
    private static final class Stay implements CallerGone {
        private Runnable work = () -> {};
        private boolean wanted;

        @Override
        public void then(Runnable newWork) {
            work = newWork;
            wanted = true;
        }

        boolean isWanted() {
            return wanted;
        }

        void end() {
            work.run();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.debug("{} stays behind: {}", socket, e.toString());
        }
    }
}
