package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.api.ErrorCode;
import dev.culvert.policy.Authenticator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No credential is ever written to a log, at any level, nor into what an operator is shown. */
class SecretsInLogsTest {
    private static final String JOIN = "join-token-that-nobody-may-read";
    private static final String BEARER = "bearer-token-that-nobody-may-read";

    private final Logger root = (Logger) LoggerFactory.getLogger("dev.culvert");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private Level before;

    @BeforeEach
    void listen() {
        before = root.getLevel();
        root.setLevel(Level.TRACE);
        root.setAdditive(false);
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void stop() {
        root.detachAppender(lines);
        root.setLevel(before);
        root.setAdditive(true);
    }

    private List<String> everythingSaid(SimAgent... agents) {
        List<String> said = new ArrayList<>();
        for (ILoggingEvent event : lines.list) {
            said.add(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                said.add(String.valueOf(event.getThrowableProxy().getMessage()));
            }
        }
        for (SimAgent agent : agents) {
            said.addAll(agent.events);
            said.add(agent.credentials.toString());
        }
        return said;
    }

    @Test
    void neither_success_nor_refusal_nor_a_bug_tells_a_credential() {
        SimWorld.play(1, world -> {
            SimRelay relay = world.relay("relay1");
            SimAgent joining = new SimAgent(world, "edge7");
            joining.credentials = Credentials.join(joining.key, JOIN);
            SimAgent bearing = new SimAgent(world, "edge8");
            bearing.credentials = Credentials.bearer(BEARER);
            joining.link(relay);
            bearing.link(relay);
            world.until("both links", 1_000, () -> joining.up() && bearing.up());

            relay.authenticator = claim -> new Authenticator.Refused(ErrorCode.BUSY, "later, " + claim);
            relay.crash();
            relay.start();
            world.advance(5_000);
            relay.authenticator = claim -> {
                throw new IllegalStateException("a bug with " + claim);
            };
            world.advance(60_000);

            assertThat(everythingSaid(joining, bearing))
                    .hasSizeGreaterThan(10)
                    .noneMatch(line -> line.contains(JOIN))
                    .noneMatch(line -> line.contains(BEARER));
        });
    }
}
