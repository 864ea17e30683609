package dev.culvert.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert routes}: which nodes are reached, and how. Main thread. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Show the nodes that are reached with this join string, through which relays, and what they offer.")
final class RoutesCommand implements Callable<Integer> {
    private static final int SHOWN_SERVICES = 5;

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private LinkedNodeOptions linked = new LinkedNodeOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    RoutesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        new CatalogueReader(surroundings, linked.node(surroundings), "*", wait.patience())
                .read(new Shown(screen, common.json), false);
        return ExitCode.OK.number();
    }

    /** How it is shown. */
    private record Shown(Screen screen, boolean json) implements CatalogueReader.Reader {
        @Override
        public void onAll(Catalogue catalogue) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NODE", "STATE", "VIA", "SERVICES"));
            for (Catalogue.Route route : catalogue.routes()) {
                rows.add(List.of(
                        route.node(), route.state(), String.join(", ", route.relays()), services(route.services())));
                if (json) {
                    screen.say(Event.of("route", "")
                            .with("node", route.node())
                            .with("state", route.state())
                            .with("relays", List.copyOf(route.relays()))
                            .with("services", route.services()));
                }
            }
            screen.say(Event.of("synced", Table.of(rows)).with("routes", rows.size() - 1));
        }

        private static String services(List<String> names) {
            int more = names.size() - SHOWN_SERVICES;
            return String.join(" ", names.subList(0, Math.min(SHOWN_SERVICES, names.size())))
                    + (more > 0 ? " and " + more + " more" : "");
        }

        @Override
        public void onChange(String what, Catalogue.Row row) {
            throw new IllegalStateException("nobody watches");
        }
    }
}
