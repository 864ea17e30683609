package dev.culvert.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The nodes that run on this machine under this state directory, as other processes reach them. Main thread. */
final class Neighbours {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_BYTES = 64 << 20;

    private final StateDirectory state;

    Neighbours(StateDirectory state) {
        this.state = state;
    }

    /** One that takes registrations. */
    record Registrar(Path socket, String node, long pid) {}

    /**
     * What one of them answers.
     *
     * @param process that gave it
     * @param json one object, on one line
     */
    record Answer(String process, String json) {}

    /** What each of them answers; those that are gone are cleared away. */
    List<Answer> ask(LocalRequest request) throws Failure {
        List<Answer> answers = new ArrayList<>();
        for (Path socket : sockets()) {
            String answer = ask(socket, request);
            if (answer != null) {
                answers.add(new Answer(process(socket), answer));
            }
        }
        return answers;
    }

    /** The one that takes registrations, of this node's name if one is given. */
    Registrar registrar(String node) throws Failure {
        List<Registrar> found = new ArrayList<>();
        for (Path socket : sockets()) {
            String answer = ask(socket, LocalRequest.of("who"));
            JsonNode who = answer == null ? null : parse(answer);
            if (who != null && who.path("registers").asBoolean(false)) {
                Registrar registrar = new Registrar(
                        socket, who.path("node").asString(""), who.path("pid").asLong(0));
                if (node.isEmpty() || registrar.node().equals(node)) {
                    found.add(registrar);
                }
            }
        }
        if (found.isEmpty()) {
            throw new Failure(
                    ExitCode.NO_ROUTE,
                    "no " + (node.isEmpty() ? "agent or relay" : "node '" + node + "' that takes registrations")
                            + " runs under " + state.root() + "; start one with: culvert agent");
        }
        if (found.size() > 1) {
            throw Failure.usage("several processes take registrations: " + names(found)
                    + "; say which with --node, or with another state directory: export CULVERT_HOME=DIRECTORY");
        }
        return found.get(0);
    }

    private static String names(List<Registrar> found) {
        return String.join(
                ", ",
                found.stream()
                        .map(one -> one.node() + " (process " + one.pid() + ")")
                        .toList());
    }

    /** Asks one of them; fails with what it objects to. */
    static JsonNode ask(Registrar registrar, LocalRequest request) throws Failure {
        String answer = ask(registrar.socket(), request);
        if (answer == null) {
            throw gone(registrar);
        }
        return checked(parse(answer));
    }

    /**
     * Asks one of them and stays connected, which is what a registration may be tied to.
     *
     * @param connected is told the answer; the result is kept open until this returns
     */
    static void stay(Registrar registrar, LocalRequest request, Connected connected) throws Failure {
        try (SocketChannel channel = open(registrar.socket())) {
            say(channel, request);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            String answer = in.readLine();
            if (answer == null) {
                throw gone(registrar);
            }
            connected.run(checked(parse(answer)), in);
        } catch (IOException e) {
            throw gone(registrar);
        }
    }

    /** What happens while the connection is there. */
    interface Connected {
        void run(JsonNode answer, BufferedReader in) throws Failure, IOException;
    }

    private static Failure gone(Registrar registrar) {
        return new Failure(
                ExitCode.NO_ROUTE,
                "node " + registrar.node() + " (process " + registrar.pid() + "): has ended; see: culvert status");
    }

    private static JsonNode checked(JsonNode answer) throws Failure {
        if (answer.path("event").asString("").equals("error")) {
            throw Failure.told(
                    answer.path("exitCode").asInt(1),
                    answer.path("code").asString(""),
                    answer.path("message").asString(""));
        }
        return answer;
    }

    private static JsonNode parse(String answer) throws Failure {
        try {
            return JSON.readTree(answer);
        } catch (JacksonException e) {
            throw new Failure(
                    ExitCode.INTERNAL,
                    "answer of a running process: not understood (" + e.getOriginalMessage()
                            + "); is it of another version? see: culvert --version");
        }
    }

    private static @Nullable String ask(Path socket, LocalRequest request) throws Failure {
        try (SocketChannel channel = open(socket);
                InputStream in = Channels.newInputStream(channel)) {
            say(channel, request);
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            forget(socket);
            return null;
        }
    }

    private static SocketChannel open(Path socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket.toRealPath()));
    }

    private static void say(SocketChannel channel, LocalRequest request) throws IOException {
        var line = StandardCharsets.UTF_8.encode(request.json() + "\n");
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }

    private static String process(Path socket) {
        return socket.getFileName().toString().replaceFirst("\\.sock$", "");
    }

    private List<Path> sockets() throws Failure {
        Path folder = state.running();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sock"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Failure.usage("state directory " + folder + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** Takes away what a killed process left. */
    private static void forget(Path socket) throws Failure {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw Failure.usage(
                    "socket " + socket + ": of a process that is gone, and cannot be deleted (" + e.getMessage() + ")");
        }
    }
}
