package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgentCommandTest {
    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() throws Failure {
        cli = Cli.joined(home);
        cli.becomesReady();
    }

    private Cli.Result withFile(String yaml, String... options) throws IOException {
        Path file = home.resolve("agent.yaml");
        Files.writeString(file, yaml, StandardCharsets.UTF_8);
        String[] args = new String[options.length + 2];
        args[0] = "agent";
        args[1] = file.toString();
        System.arraycopy(options, 0, args, 2, options.length);
        return cli.run(args);
    }

    @Test
    void reads_services_ports_and_the_rest_from_a_file() throws IOException {
        Cli.Result result = withFile("""
                name: edge7
                namespace: blue
                services:
                  web: 8080
                  ssh: {target: '[::1]:22', public-port: 20022}
                  log:
                    target: unix:/run/log.sock
                    shared: true
                forward:
                  db: 5432
                grace: 5s
                """);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(cli.node.config().identity().name()).isEqualTo("edge7");
        assertThat(cli.node.config().identity().namespace()).isEqualTo("blue");
        assertThat(cli.node.config().services())
                .extracting(service -> service.service() + " " + service.target() + " " + service.shared() + " "
                        + service.publicPort())
                .containsExactly(
                        "web 127.0.0.1:8080 false -1", "ssh [::1]:22 false 20022", "log unix:/run/log.sock true -1");
        assertThat(cli.node.config().entries()).hasSize(1);
        assertThat(cli.node.drained).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void options_come_on_top_of_the_file() throws IOException {
        withFile(
                "name: edge7\nservices: {web: 8080}\n",
                "--name",
                "edge8",
                "--expose",
                "api=9090",
                "--forward",
                "db=5432");
        assertThat(cli.node.config().identity().name()).isEqualTo("edge8");
        assertThat(cli.node.config().services()).extracting("service").containsExactly("web", "api");
        assertThat(cli.node.config().entries()).hasSize(1);
    }

    @Test
    void each_option_is_a_pair_of_its_own() {
        Cli.Result result = cli.run("agent", "--expose", "web", "--expose", "8080");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("'web'", "--expose NAME=TARGET").hasLineCount(1);
    }

    @Test
    void needs_no_file_at_all() {
        assertThat(cli.run("agent", "--expose", "web=8080").exitCode()).isZero();
        assertThat(cli.node.config().services()).hasSize(1);
    }

    @Test
    void takes_its_join_string_from_the_file_or_from_a_file_that_it_names() throws IOException, Failure {
        String join = cli.join();
        cli.env.remove("CULVERT_JOIN");
        assertThat(withFile("join: " + join + "\n").exitCode()).isZero();
        Path secret = Files.writeString(home.resolve("join"), join + "\n", StandardCharsets.UTF_8);
        assertThat(withFile("join-file: " + secret + "\n").exitCode()).isZero();
        assertThat(cli.node.config().links()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "servces: {web: 8080}|line 1|unknown key 'servces'|did you mean 'services'",
                "services: {web: {tagret: 8080}}|line 1|unknown key 'tagret'|did you mean 'target'",
                "name: a\\nname: b|line 2|name|docs/operations.md",
                "services: [1, 2]|line 1|docs/operations.md|culvert",
                "name: {|line|docs/operations.md|culvert",
                "grace: long|grace|'long'|expected",
                "services: {web: {shared: true}}|''|target|expected",
                "insecure: maybe|line 1|docs/operations.md|culvert"
            })
    void a_mistake_is_one_line_with_its_place(String yaml, String first, String second, String third)
            throws IOException {
        Cli.Result result = withFile(yaml.replace("\\n", "\n"));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(first.replace("''", ""), second, third)
                .hasLineCount(1);
    }

    @Test
    void a_mistake_beside_a_join_string_does_not_print_it() throws IOException, Failure {
        String join = cli.join();
        Cli.Result result = withFile("join: {" + join + ": 1}\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).doesNotContain(join.substring(join.length() - 20));
    }

    @Test
    void a_missing_file_is_misuse() {
        Cli.Result result = cli.run("agent", home.resolve("none.yaml").toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("none.yaml", "no such file", "culvert agent --help")
                .hasLineCount(1);
    }

    @Test
    void an_empty_file_is_an_empty_configuration() throws IOException {
        assertThat(withFile("# nothing\n").exitCode()).isZero();
    }

    @Test
    void a_port_for_other_machines_needs_insecure_in_file_or_option() throws IOException {
        assertThat(withFile("forward: {db: '0.0.0.0:5432'}\n").exitCode()).isEqualTo(2);
        assertThat(withFile("insecure: true\nforward: {db: '0.0.0.0:5432'}\n").exitCode())
                .isZero();
    }
}
