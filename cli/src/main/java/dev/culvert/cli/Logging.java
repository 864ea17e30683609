package dev.culvert.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** How much is logged, from the options. <em>Stateless.</em> What is logged goes to standard error, secrets redacted. */
final class Logging {
    private Logging() {}

    /** Without {@code -v} nothing is touched, so that short commands need not load the logger. */
    static void start(boolean[] verbose, boolean json) {
        if (verbose.length == 0 || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.getLogger("dev.culvert").setLevel(verbose.length == 1 ? Level.INFO : Level.DEBUG);
        if (json && context.getObject(QuietLogging.LAYOUT) instanceof LogLine layout) {
            layout.json(true);
        }
        if (verbose.length > 2) {
            context.getLogger("ROOT").setLevel(Level.DEBUG);
        }
    }
}
