package dev.culvert.cli;

import dev.culvert.api.Binding;
import dev.culvert.api.CulvertException;
import dev.culvert.node.ExposedService;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a service while a check says that it is well, and keeps the app that serves it if there is one to start. Everything happens on
 * one thread of its own, from {@link #start} to {@link #close}.
 */
final class AppGuard implements AutoCloseable {
    private final HealthOptions.Terms terms;
    private final ExposedService service;
    private final Screen screen;
    private final PrintStream childOut;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread daemon = new Thread(work, "culvert-check");
        daemon.setDaemon(true);
        return daemon;
    });
    private final HealthCourse course;
    private volatile @Nullable ChildProcess child;
    private volatile boolean published;
    private volatile boolean closed;
    private @Nullable Binding binding;
    private String lastFault = "";

    /** @param childOut gets what the app prints */
    AppGuard(HealthOptions.Terms terms, ExposedService service, Screen screen, PrintStream childOut) {
        this.terms = terms;
        this.service = service;
        this.screen = screen;
        this.childOut = childOut;
        this.course = new HealthCourse(terms.retry(), terms.recheck(), terms.patience(), System.nanoTime());
    }

    /**
     * Starts the app, if there is one, and the checks.
     *
     * @param giveUp ends the command
     */
    void start(RunningNode running, Consumer<Failure> giveUp) throws Failure {
        if (!terms.run().isEmpty()) {
            ChildProcess app = ChildProcess.start(terms.run(), childOut);
            child = app;
            app.onExit(() -> {
                if (!closed) {
                    giveUp.accept(new Failure(ExitCode.TARGET, "--run: " + app.end() + "; start it again"));
                }
            });
        }
        thread.execute(() -> check(running, giveUp));
    }

    /** Whether the service is offered now. */
    boolean isPublished() {
        return published;
    }

    String checkText() {
        return terms.check().text();
    }

    private void check(RunningNode running, Consumer<Failure> giveUp) {
        try {
            String fault = terms.check().fault();
            if (!closed) {
                step(course.on(fault.isEmpty(), System.nanoTime()), fault, running, giveUp);
                thread.schedule(() -> check(running, giveUp), course.pause().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException | RejectedExecutionException e) {
            return; // closed meanwhile
        }
    }

    private void step(HealthCourse.Step step, String fault, RunningNode running, Consumer<Failure> giveUp) {
        switch (step) {
            case PUBLISH -> publish(running, giveUp);
            case WITHDRAW -> withdraw(fault);
            case GIVE_UP ->
                giveUp.accept(new Failure(
                        ExitCode.TARGET,
                        "check " + checkText() + ": not healthy within " + Units.time(terms.patience()) + " (" + fault
                                + "); start the target, or give it more time with --wait"));
            case STAY -> {
                if (!fault.equals(lastFault)) {
                    sayUnhealthy("waiting", fault);
                }
            }
        }
        lastFault = fault;
    }

    private void publish(RunningNode running, Consumer<Failure> giveUp) {
        screen.say(Event.of("healthy", "   " + screen.ok() + " check " + checkText())
                .with("check", checkText()));
        published = true; // before the relay's answer, which says READY
        try {
            binding = running.expose(service);
        } catch (CulvertException e) {
            unpublish();
            if (e.retryHelps()) {
                screen.say(
                        Event.of("warning", "   -- " + e.getMessage()).with("reason", String.valueOf(e.getMessage())));
            } else {
                giveUp.accept(Failure.of("expose", e));
            }
        } catch (IOException | IllegalArgumentException e) {
            unpublish();
            giveUp.accept(Failure.usage(e));
        }
    }

    private void withdraw(String fault) {
        unpublish();
        sayUnhealthy("withdrawn until it is well", fault);
    }

    private void unpublish() {
        published = false;
        course.notPublished();
        if (binding != null) {
            binding.close();
            binding = null;
        }
    }

    private void sayUnhealthy(String what, String fault) {
        screen.say(Event.of("unhealthy", "   -- check " + checkText() + ": " + fault + "; " + what)
                .with("check", checkText())
                .with("fault", fault));
    }

    /** Ends the checks, and the app with all that it started. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        ChildProcess app = child;
        if (app != null) {
            app.close();
        }
    }
}
