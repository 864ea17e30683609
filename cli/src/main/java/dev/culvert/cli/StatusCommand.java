package dev.culvert.cli;

import dev.culvert.node.NodeStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code culvert status}: what the processes of this machine and user do now. Main thread. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Show what the relays and agents that run here, under this user and $CULVERT_HOME, do now.")
final class StatusCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 64 << 20;

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        common.log();
        StateDirectory state = StateDirectory.of(surroundings);
        List<Answer> answers = answers(state.running());
        if (answers.isEmpty()) {
            throw new Failure(
                    ExitCode.NO_ROUTE,
                    "status of " + state.root() + ": nothing runs under this state directory;"
                            + " start one with: culvert relay");
        }
        if (common.json) {
            answers.forEach(answer -> surroundings.out().println(answer.json()));
        } else {
            surroundings.out().println(text(answers));
        }
        return ExitCode.OK.number();
    }

    /** Relays first: they know most; the processes of one machine often have one name. */
    private static String text(List<Answer> answers) throws Failure {
        StringBuilder relays = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (Answer answer : answers) {
            NodeStatus status = parse(answer.json());
            StringBuilder text = status.role().equals("relay") ? relays : others;
            text.append(StatusTable.of(status, answer.process())).append("\n\n");
        }
        return relays.append(others).toString().stripTrailing();
    }

    /**
     * @param process that gave it
     * @param json one object, on one line
     */
    private record Answer(String process, String json) {}

    private static List<Answer> answers(Path folder) throws Failure {
        List<Answer> answers = new ArrayList<>();
        for (Path socket : sockets(folder)) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.toRealPath()));
                    InputStream in = Channels.newInputStream(channel)) {
                String json = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
                answers.add(new Answer(process(socket), json));
            } catch (IOException e) {
                forget(socket);
            }
        }
        return answers;
    }

    private static String process(Path socket) {
        return socket.getFileName().toString().replaceFirst("\\.sock$", "");
    }

    private static List<Path> sockets(Path folder) throws Failure {
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

    private static NodeStatus parse(String json) throws Failure {
        try {
            return JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(json, NodeStatus.class);
        } catch (JacksonException e) {
            throw new Failure(
                    ExitCode.INTERNAL,
                    "status: not understood (" + e.getOriginalMessage()
                            + "); is the running process of another version? see: culvert --version");
        }
    }
}
