package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoggingTest {
    @TempDir
    Path home;

    private final LoggerContext context = new LoggerContext();

    private LoggingEvent event(String message, Throwable fault) {
        return new LoggingEvent("", context.getLogger("dev.culvert.link.Link"), Level.INFO, message, fault, null);
    }

    @Test
    void a_secret_is_logged_neither_in_a_message_nor_in_a_stack() throws Failure {
        String join = new Cli(home).join();
        String token = join.substring(join.lastIndexOf('/') + 1);
        LogLine line = new LogLine();
        LoggingEvent event = event("joined by " + join, new IllegalArgumentException("bad: " + join));
        assertThat(line.doLayout(event))
                .contains("joined by culvert://relay.example:7443/...", "IllegalArgumentException")
                .doesNotContain(token);
        line.json(true);
        assertThat(line.doLayout(event))
                .contains("\"message\":\"joined by culvert://")
                .doesNotContain(token);
    }

    @Test
    void is_quiet_until_asked() {
        new QuietLogging().configure(context);
        assertThat(context.getLogger("dev.culvert.link").isWarnEnabled()).isTrue();
        assertThat(context.getLogger("dev.culvert.link").isInfoEnabled()).isFalse();
    }
}
