package dev.culvert.cli;

import dev.culvert.policy.NamePatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert services}: what may be dialled. Main thread. */
@Command(
        name = "services",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Show the services that may be dialled with this join string, as the relay tells it.",
        footer = {"", "Examples:", "  culvert services", "  culvert services --watch 'web*'"})
final class ServicesCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            defaultValue = "*",
            description = "Names of services, in which * stands for anything; several apart by commas.")
    private String pattern = "";

    @Option(names = "--watch", description = "Stay, and say what changes.")
    private boolean watch;

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private LinkedNodeOptions linked = new LinkedNodeOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    ServicesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        new CatalogueReader(surroundings, linked.node(surroundings), patterns(), wait.patience())
                .read(new Shown(screen, common.json), watch);
        return ExitCode.OK.number();
    }

    private String patterns() throws Failure {
        try {
            return NamePatterns.parse(pattern).toString();
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    /** How it is shown. */
    private record Shown(Screen screen, boolean json) implements CatalogueReader.Reader {
        @Override
        public void onAll(Catalogue catalogue) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("SERVICE", "NODE", "STATE", "VIA", "ADDRESS"));
            for (Catalogue.Row row : catalogue.rows()) {
                rows.add(List.of(
                        row.service(), row.node(), row.state(), String.join(", ", row.relays()), row.address()));
                if (json) {
                    screen.say(event("service", "", row));
                }
            }
            screen.say(Event.of("synced", Table.of(rows)).with("services", rows.size() - 1));
        }

        @Override
        public void onChange(String what, Catalogue.Row row) {
            String sign = what.equals("gone") ? "-" : row.state().equals("up") ? "+" : "?";
            screen.say(event(what, "  " + sign + " " + row.address() + (sign.equals("?") ? "   link lost" : ""), row));
        }

        private static Event event(String name, String text, Catalogue.Row row) {
            return Event.of(name, text)
                    .with("service", row.service())
                    .with("node", row.node())
                    .with("address", row.address())
                    .with("state", row.state())
                    .with("relays", row.relays());
        }
    }
}
