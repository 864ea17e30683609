package dev.culvert.cli;

import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeStatus.Traffic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node in the foreground, from its start to its drain: what relay, agent, expose and forward have in common. Main thread. */
final class Foreground {
    /** How long streams may go on after the first Ctrl+C. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private final Surroundings surroundings;
    private final Screen screen;
    private final Duration grace;

    Foreground(Surroundings surroundings, Screen screen, Duration grace) {
        this.surroundings = surroundings;
        this.screen = screen;
        this.grace = grace;
    }

    /** What a command says besides. */
    interface Announcements {
        /** All local sockets listen. */
        void started(RunningNode running) throws Failure;

        /** As {@link #started(RunningNode)}, with a way to end the command later. */
        default void started(RunningNode running, Consumer<Failure> giveUp) throws Failure {
            started(running);
        }

        /** All services are registered, or for a node without services a link is up; again after each loss. */
        Event ready(RunningNode running);

        /** Whether other processes of this machine may register services here. */
        default boolean takesRegistrations() {
            return false;
        }
    }

    /** Returns after the drain. */
    void run(NodeConfig config, Announcements announcements) throws Failure {
        Stopping stopping = new Stopping(surroundings.interrupts());
        try (EventThread events = new EventThread()) {
            Handover handover = new Handover(announcements, stopping);
            Report report = new Report(screen, events, relays(config), handover);
            RunningNode running = start(config, report);
            LocalDoor door = openDoor(new LocalDesk(running, announcements.takesRegistrations()), running);
            try {
                announcements.started(running, stopping::fail);
                events.execute(() -> handover.onStarted(running));
                liven(events, running);
                stopping.await();
                Stopping.drain(running, grace, screen);
            } finally {
                door.close();
                running.close();
            }
        }
    }

    private static int relays(NodeConfig config) {
        // A relay that nobody takes as a router is a relay all the same.
        return config.listen() != null
                ? Integer.MAX_VALUE
                : config.links().stream().mapToInt(link -> link.relays().size()).sum();
    }

    private RunningNode start(NodeConfig config, Report report) throws Failure {
        try {
            return surroundings.engine().start(config, report);
        } catch (IOException e) {
            throw Failure.usage(e);
        }
    }

    private LocalDoor openDoor(LocalDesk desk, RunningNode running) throws Failure {
        StateDirectory state = StateDirectory.of(surroundings);
        try {
            return LocalDoor.open(state.running(), ProcessHandle.current().pid(), desk);
        } catch (IOException e) {
            running.close();
            throw Failure.usage("local socket in " + state.running() + ": cannot be opened (" + e.getMessage()
                    + "); name another state directory: export CULVERT_HOME=DIRECTORY");
        }
    }

    private void liven(EventThread events, RunningNode running) {
        if (screen.isTerminal()) {
            events.everySecond(() -> live(running));
        }
    }

    private void live(RunningNode running) {
        if (JobControl.inForeground()) {
            screen.live(line(running.status().traffic()));
        } else {
            screen.yieldTerminal();
        }
    }

    /** That everything is up, and what that is, one line for each. */
    static Event ready(Screen screen, RunningNode running, List<String> what) {
        String lines = String.join("\n        ", what);
        String text = " " + screen.strong("READY") + "  " + lines + "      Ctrl+C drains, then exits";
        return Event.of("ready", text).with("node", running.node().name());
    }

    /** The line at the bottom of the screen. */
    static String line(Traffic traffic) {
        return "   streams " + traffic.open() + " open / " + traffic.total() + " total   in "
                + Units.bytes(traffic.bytesIn()) + "  out " + Units.bytes(traffic.bytesOut());
    }

    /** Readiness may be reported before the command knows its node: it is said once both are there. Owned by the event thread. */
    private final class Handover implements Report.Ending {
        private final Announcements announcements;
        private final Stopping stopping;
        private boolean ready;
        private @Nullable RunningNode running;

        Handover(Announcements announcements, Stopping stopping) {
            this.announcements = announcements;
            this.stopping = stopping;
        }

        void onStarted(RunningNode node) {
            running = node;
            if (ready) {
                screen.say(announcements.ready(node));
            }
        }

        @Override
        public void onReady() {
            ready = true;
            if (running != null) {
                screen.say(announcements.ready(running));
            }
        }

        @Override
        public void onRefusedService(Failure failure) {
            if (ready) {
                screen.say(Event.of("warning", "   -- " + failure.line()).with("reason", failure.line()));
            } else {
                stopping.fail(failure);
            }
        }

        @Override
        public void onHopeless(Failure failure) {
            stopping.fail(failure);
        }
    }
}
