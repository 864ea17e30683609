package dev.culvert.cli;

import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import java.io.IOException;

/**
 * Whether something listens at a target just now: a hint for the person who types, since a target may well start later.
 * <em>Immutable.</em>
 *
 * @param fault empty if something listens
 */
record TargetCheck(Target target, String fault) {
    private static final int PATIENCE_MILLIS = 1_000;

    static TargetCheck of(Target target, TargetOptions options) {
        try {
            TargetSocket.touch(target, options, PATIENCE_MILLIS);
            return new TargetCheck(target, "");
        } catch (IOException e) {
            return new TargetCheck(target, String.valueOf(e.getMessage()));
        }
    }

    /** Says what is taken on trust. */
    static void warn(Screen screen, ExposedService service) {
        if (service.target() instanceof Target.Https
                && !service.options().trust().checked()) {
            String text = "target " + service.target() + ": any certificate is taken (--target-insecure); whoever is"
                    + " between can read and change everything";
            screen.say(Event.of("warning", "   -- " + text).with("reason", text));
        }
    }

    Event event(Screen screen) {
        String text = fault.isEmpty()
                ? "   " + screen.ok() + " target " + target
                : "   -- target " + target + ": "
                        + (target instanceof Target.Https ? "TLS with it fails" : "nothing answers there") + " ("
                        + fault
                        + "); callers are refused until it does, and READY waits for it";
        return Event.of("target", text).with("target", target.toString()).with("fault", fault);
    }
}
