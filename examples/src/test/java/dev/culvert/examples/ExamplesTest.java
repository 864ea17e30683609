package dev.culvert.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.LinkException;
import dev.culvert.api.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ExamplesTest {
    @TempDir
    Path state;

    private RelayInProcess relay;

    @BeforeEach
    void start() throws IOException {
        relay = new RelayInProcess(state, InstantSource.system());
    }

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void one_node_serves_from_behind_and_another_dials_it_by_name() throws IOException {
        try (Node server = Node.join(relay.invite());
                Node caller = Node.join(relay.invite())) {
            server.bind("echo", ServeFromBehind::echo);

            assertThat(DialByName.ask(caller, "echo", "hello")).isEqualTo("hello");
            assertThat(DialByName.ask(caller, server.name() + ".echo", "again")).isEqualTo("again");
        }
    }

    @Test
    void the_relay_serves_too() throws IOException {
        try (Node caller = Node.join(relay.invite())) {
            assertThat(Instant.parse(DialByName.ask(caller, "relay.time", ""))).isNotNull();
        }
    }

    @Test
    void a_wrong_name_and_a_used_up_invitation_say_so() throws IOException {
        String invite = relay.invite();
        try (Node caller = Node.join(invite)) {
            assertThatThrownBy(() -> caller.dial("nobody"))
                    .isInstanceOfSatisfying(
                            DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE))
                    .hasMessageContaining("culvert status");
            assertThatThrownBy(() -> Node.join(invite)).isInstanceOf(LinkException.class);
        }
    }
}
