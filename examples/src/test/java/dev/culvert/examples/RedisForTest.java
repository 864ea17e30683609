package dev.culvert.examples;

import static org.awaitility.Awaitility.await;

import com.github.fppt.jedismock.RedisServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A Redis: the program {@code redis-server} where it is installed, else one in Java that speaks its protocol. */
interface RedisForTest extends AutoCloseable {
    /** Where it listens, as {@link dev.culvert.node.Target#parse} reads it. */
    String target();

    @Override
    void close() throws IOException;

    static RedisForTest start() throws IOException {
        Optional<Path> program = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
        return program.isPresent() ? Program.start(program.get()) : InJava.start();
    }

    /** Listens on a Unix domain socket, so that no port has to be free. */
    record Program(Process process, Path socket) implements RedisForTest {
        static Program start(Path program) throws IOException {
            Path folder = Files.createTempDirectory("redis");
            Path socket = folder.resolve("redis.sock");
            Process process = new ProcessBuilder(
                            program.toString(), "--port", "0", "--unixsocket", socket.toString(), "--save", "")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(socket) || !process.isAlive());
            return new Program(process, socket);
        }

        @Override
        public String target() {
            return "unix:" + socket;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    record InJava(RedisServer server) implements RedisForTest {
        static InJava start() throws IOException {
            return new InJava(RedisServer.newRedisServer().start());
        }

        @Override
        public String target() {
            return "127.0.0.1:" + server.getBindPort();
        }

        @Override
        public void close() throws IOException {
            server.stop();
        }
    }
}
