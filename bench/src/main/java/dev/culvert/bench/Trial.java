package dev.culvert.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run of one contestant: starts its processes, listens to them, ends them. Owned by one thread. */
final class Trial implements AutoCloseable {
    private static final int START_SECONDS = 20;

    private final Path errors;
    private final long limitSeconds;
    private final List<Child> servers = new ArrayList<>();
    private final List<Child> clients = new ArrayList<>();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    Trial(Path errors, long limitSeconds) {
        this.errors = errors;
        this.limitSeconds = limitSeconds;
    }

    /**
     * The figures of the clients' results (their sum if there are several); those of phases as {@code phase.client.name} and {@code
     * phase.server0.name}.
     *
     * @throws TrialFailed if any process had an error, ended early or said nothing for too long
     */
    Map<String, Double> run(Contestant contestant) {
        String port = "";
        for (List<String> command : contestant.servers()) {
            Child server = new Child(contestant.name() + " server", withPort(command, port), errors);
            servers.add(server);
            Double ready = server.expect("ready", START_SECONDS).figures().get("port");
            port = ready == null ? "" : String.valueOf(ready.intValue());
        }
        for (List<String> command : contestant.clients()) {
            clients.add(new Child(contestant.name() + " client", withPort(command, port), errors));
        }
        while (step()) {
            // until the clients have said their results
        }
        clients.forEach(Child::awaitSuccess);
        return figures;
    }

    /** One line of every client; all must be at the same point. */
    private boolean step() {
        List<Line> lines =
                clients.stream().map(client -> client.next(limitSeconds)).toList();
        Line first = lines.get(0);
        if (lines.stream()
                .anyMatch(line ->
                        !line.word().equals(first.word()) || !line.phase().equals(first.phase()))) {
            throw new TrialFailed(clients.get(0).name() + "s are not at the same point");
        }
        if (first.word().equals("result")) {
            lines.forEach(line -> add("", line));
            return false;
        }
        if (!first.word().equals("at")) {
            throw new TrialFailed(clients.get(0).name() + " said '" + first.word() + "' (expected: at or result)");
        }
        lines.forEach(line -> add(first.phase() + ".client.", line));
        lookAtServers(first.phase());
        clients.forEach(client -> client.send("go on"));
        return true;
    }

    private void lookAtServers(String phase) {
        for (int i = 0; i < servers.size(); i++) {
            Child server = servers.get(i);
            if (phase.equals("warm") || phase.equals("closed")) {
                server.send("drop");
                server.expect("dropped", limitSeconds);
            }
            server.send("mem");
            add(phase + ".server" + i + ".", server.expect("mem", limitSeconds));
        }
    }

    private void add(String prefix, Line line) {
        line.figures().forEach((name, value) -> figures.merge(prefix + name, value, Double::sum));
    }

    private static List<String> withPort(List<String> command, String port) {
        return command.stream().map(part -> part.equals("{port}") ? port : part).toList();
    }

    @Override
    public void close() {
        clients.forEach(Child::close);
        for (int i = servers.size() - 1; i >= 0; i--) {
            servers.get(i).close();
        }
    }
}
