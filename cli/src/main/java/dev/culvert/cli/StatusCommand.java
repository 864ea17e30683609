package dev.culvert.cli;

import dev.culvert.node.NodeStatus;
import java.util.List;
import java.util.concurrent.Callable;
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
        List<Neighbours.Answer> answers = new Neighbours(state).ask(LocalRequest.of("status"));
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
    private static String text(List<Neighbours.Answer> answers) throws Failure {
        StringBuilder relays = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (Neighbours.Answer answer : answers) {
            NodeStatus status = parse(answer.json());
            StringBuilder text = status.role().equals("relay") ? relays : others;
            text.append(StatusTable.of(status, answer.process())).append("\n\n");
        }
        return relays.append(others).toString().stripTrailing();
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
