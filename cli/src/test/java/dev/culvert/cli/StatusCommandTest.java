package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.NodeStatus;
import dev.culvert.node.NodeStatus.LinkStatus;
import dev.culvert.node.NodeStatus.ServiceStatus;
import dev.culvert.node.NodeStatus.SessionStatus;
import dev.culvert.node.NodeStatus.Traffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusCommandTest {
    private static final String ANSWER =
            "{\"node\":\"edge7\",\"namespace\":\"default\",\"role\":\"agent\",\"listening\":[],\"links\":[],"
                    + "\"sessions\":[],\"services\":[],\"traffic\":{\"open\":1,\"total\":2,\"refused\":0,\"bytesIn\":3,\"bytesOut\":4}}";

    @TempDir
    Path home;

    @Test
    void shows_what_each_running_process_answers() throws IOException {
        Cli cli = new Cli(home);
        try (LocalDoor first = LocalDoor.open(home.resolve("run"), 11, (request, end) -> ANSWER);
                LocalDoor second = LocalDoor.open(home.resolve("run"), 12, (request, end) -> ANSWER)) {
            assertThat(first).isNotSameAs(second);
            Cli.Result result = cli.run("status");
            assertThat(result.exitCode()).isZero();
            assertThat(result.out().lines().filter(line -> line.startsWith(" agent edge7   process 1")))
                    .hasSize(2);
            assertThat(result.out()).contains("streams 1 open / 2 total   in 3 B  out 4 B");
            assertThat(cli.run("status", "--json").out()).isEqualTo(ANSWER + "\n" + ANSWER + "\n");
        }
    }

    @Test
    void nothing_running_is_an_error_with_the_next_command() {
        Cli.Result result = new Cli(home).run("status");
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.err()).contains("nothing runs", "culvert relay").hasLineCount(1);
    }

    @Test
    void what_a_killed_process_left_is_cleared_away() throws IOException {
        Path left = Files.createDirectories(home.resolve("run")).resolve("99.sock");
        Files.writeString(left, "", StandardCharsets.UTF_8);
        assertThat(new Cli(home).run("status").exitCode()).isEqualTo(6);
        assertThat(left).doesNotExist();
    }

    @Test
    void works_below_a_path_too_long_for_a_socket() throws IOException {
        Path deep = home.resolve("d".repeat(120));
        Cli cli = new Cli(deep);
        try (LocalDoor door = LocalDoor.open(deep.resolve("run"), 11, (request, end) -> ANSWER)) {
            assertThat(door).isNotNull();
            assertThat(cli.run("status").out()).contains("agent edge7");
        }
    }

    @Test
    void nobody_else_may_enter() throws IOException {
        try (LocalDoor door = LocalDoor.open(home.resolve("run"), 11, (request, end) -> ANSWER)) {
            assertThat(door).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("run"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void an_answer_of_another_version_is_a_fault_in_one_line() throws IOException {
        try (LocalDoor door = LocalDoor.open(home.resolve("run"), 11, (request, end) -> "[1]")) {
            assertThat(door).isNotNull();
            Cli.Result result = new Cli(home).run("status");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("culvert --version").hasLineCount(1);
        }
    }

    @Test
    void a_relay_s_status_is_three_tables() {
        NodeStatus status = new NodeStatus(
                "relay1",
                "default",
                "relay",
                List.of("tls://0.0.0.0:7443"),
                List.of(new LinkStatus("tls://other:7443", "connecting", "", "connection refused", -1)),
                List.of(
                        new SessionStatus("edge7", "default", List.of("web"), "key:abc", "192.0.2.1:4711", 3, 12_300),
                        new SessionStatus("edge7", "default", List.of(), "key:abc", "192.0.2.1:4712", 0, -1)),
                List.of(new ServiceStatus("default", "edge7", "web", "up", "", 20022)),
                new Traffic(3, 1000, 0, 1_200_000, 50));
        assertThat(StatusTable.of(status, "4711"))
                .isEqualTo(String.join(
                        "\n",
                        " relay relay1   process 4711   namespace default   tls://0.0.0.0:7443",
                        "   streams 3 open / 1000 total   in 1.2 MB  out 50 B",
                        "",
                        "  RELAY             STATE       RTT  LAST LOSS",
                        "  tls://other:7443  connecting  -    connection refused",
                        "",
                        "  LINKED NODE  OFFERS  NAMESPACE  FROM            STREAMS  RTT    PRINCIPAL",
                        "  edge7        web     default    192.0.2.1:4711  3        12 ms  key:abc",
                        "  edge7        -       default    192.0.2.1:4712  0        -      key:abc",
                        "",
                        "  SERVICE  NODE   NAMESPACE  STATE  PUBLIC PORT",
                        "  web      edge7  default    up     20022"));
    }

    @Test
    void a_caller_s_status_says_where_its_ports_lead() {
        NodeStatus status = new NodeStatus(
                "edge7",
                "default",
                "agent",
                List.of(),
                List.of(new LinkStatus("tls://relay:7443", "up", "relay1", "", 900)),
                List.of(),
                List.of(new ServiceStatus("default", "", "web", "forward", "127.0.0.1:9000", 0)),
                new Traffic(0, 0, 0, 0, 0));
        assertThat(StatusTable.of(status, "7"))
                .isEqualTo(String.join(
                        "\n",
                        " agent edge7   process 7   namespace default",
                        "   streams 0 open / 0 total   in 0 B  out 0 B",
                        "",
                        "  RELAY             STATE  ITS NAME  RTT",
                        "  tls://relay:7443  up     relay1    0.9 ms",
                        "",
                        "  LOCAL PORT      LEADS TO",
                        "  127.0.0.1:9000  web"));
    }

    @Test
    void of_one_that_offers_much_the_first_names_are_shown() {
        NodeStatus status = new NodeStatus(
                "relay1",
                "default",
                "relay",
                List.of(),
                List.of(),
                List.of(new SessionStatus("edge7", "default", List.of("a", "b", "c", "d"), "key:abc", "x:1", 0, -1)),
                List.of(),
                new Traffic(0, 0, 0, 0, 0));
        assertThat(StatusTable.of(status, "7")).contains("edge7        a,b,c,... (4)  default");
    }

    @Test
    void relays_come_first_and_a_blank_line_parts_the_processes() throws IOException {
        try (LocalDoor agent = LocalDoor.open(home.resolve("run"), 11, (request, end) -> ANSWER);
                LocalDoor relay = LocalDoor.open(
                        home.resolve("run"), 12, (request, end) -> ANSWER.replace("\"agent\"", "\"relay\""))) {
            assertThat(agent).isNotSameAs(relay);
            String out = new Cli(home).run("status").out();
            assertThat(out).startsWith(" relay edge7   process 12").contains("\n\n agent edge7   process 11");
        }
    }
}
