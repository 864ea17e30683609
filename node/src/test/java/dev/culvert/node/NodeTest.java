package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.Selection;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole systems: relays, agents and callers in one process. */
@Timeout(60)
final class NodeTest {
    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void a_service_behind_a_relay_is_dialled_by_name_from_another_agent() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = net.linked("laptop", "relay1");

        assertThat(Net.roundTrip(caller, "echo", "hello")).isEqualTo("hello");
        assertThat(Net.roundTrip(caller, "edge7.echo", "again")).isEqualTo("again");
        assertThat(Net.roundTrip(edge, "echo", "from itself")).isEqualTo("from itself");
    }

    @Test
    void the_handler_sees_who_calls_and_with_which_headers() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        StreamListener listener = edge.bind("echo");
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));

        try (Stream stream =
                caller.dial(Address.parse("edge7.echo"), DialOptions.DEFAULT.withHeaders(Map.of("colour", "blue")))) {
            Stream accepted = listener.accept();
            assertThat(accepted.principal()).isEqualTo(caller.principal().id());
            assertThat(accepted.headers()).containsExactly(Map.entry("colour", "blue"));
            assertThat(accepted.address().service()).isEqualTo("echo");
            accepted.output().write("hi".getBytes(UTF_8));
            accepted.close();
            assertThat(stream.input().readAllBytes()).isEqualTo("hi".getBytes(UTF_8));
        }
    }

    @Test
    void relay_agent_and_caller_of_one_machine_may_have_one_name() throws IOException {
        net.start(net.relay("host"));
        CulvertNode agent = net.linked("host", "host");
        agent.bind("echo", Net.ECHO);
        CulvertNode caller = net.start(net.agent("host", "host"));

        assertThat(Net.roundTrip(caller, "echo", "hello")).isEqualTo("hello");
    }

    @Test
    void a_relay_serves_and_dials_as_any_node() throws IOException {
        CulvertNode relay = net.start(net.relay("relay1"));
        relay.bind("greet", stream -> stream.output().write("from the relay".getBytes(UTF_8)));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", Net.ECHO);

        assertThat(Net.roundTrip(edge, "relay1.greet", "")).isEqualTo("from the relay");
        assertThat(Net.roundTrip(relay, "edge7.echo", "hello")).isEqualTo("hello");
        assertThat(Net.roundTrip(relay, "greet", "")).isEqualTo("from the relay");
    }

    @Test
    void a_stream_passes_two_relays() throws IOException {
        CulvertNode upper = net.start(net.relay("relay1"));
        net.start(net.relay("relay2").withLink(net.link(net.endpoint("relay1"), "relay1")));
        upper.bind("greet", stream -> stream.output().write("from above".getBytes(UTF_8)));
        CulvertNode caller = net.linked("laptop", "relay2");

        await().atMost(Net.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(Net.roundTrip(caller, "greet", "")).isEqualTo("from above"));
    }

    @Test
    void virtual_ports_are_dialled_by_number() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("", BindOptions.DEFAULT.withPort(80), Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));

        assertThat(Net.roundTrip(caller, "edge7:80", "a")).isEqualTo("a");
        assertThat(Net.roundTrip(caller, ":80", "b")).isEqualTo("b");
    }

    @Test
    void refusals_say_why_where_and_what_to_do() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.expose(ExposedService.of("web-down", Target.parse("127.0.0.1:1")));
        edge.bind("secret", stream -> stream.close());
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));

        Net.refused(caller, "nobody", ErrorCode.UNKNOWN_SERVICE, "relay1");
        Net.refused(caller, "secret", ErrorCode.DENIED, "relay1");
        Net.refused(caller, "web-down", ErrorCode.TARGET_REFUSED, "edge7");
        assertThatThrownBy(() -> caller.dial("web-down")).hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void a_stranger_is_refused_the_name_and_told_whose_it_is() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", Stream::close);
        CulvertNode stranger = net.linked("edge8", "relay1");

        assertThatThrownBy(() -> stranger.bind("echo"))
                .isInstanceOfSatisfying(
                        RegistrationException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_TAKEN))
                .hasMessageContaining("edge7")
                .hasMessageContaining("--shared");
    }

    private CulvertNode replica(String name) throws IOException {
        CulvertNode node = net.linked(name, "relay1");
        node.bind(
                "web",
                BindOptions.DEFAULT.withShared(true),
                stream -> stream.output().write(name.getBytes(UTF_8)));
        return node;
    }

    private static String answerer(CulvertNode caller, DialOptions options) throws IOException {
        try (Stream stream = caller.dial(Address.parse("web"), options)) {
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }

    @Test
    void a_dial_says_which_of_several_nodes_it_prefers_and_gets_another_when_that_one_has_gone() throws IOException {
        net.start(net.relay("relay1"));
        List<CulvertNode> replicas = List.of(replica("edge1"), replica("edge2"), replica("edge3"));
        CulvertNode caller = net.linked("laptop", "relay1");
        DialOptions turns = DialOptions.DEFAULT.withSelection(Selection.ROUND_ROBIN);
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            taken.add(answerer(caller, turns));
        }
        assertThat(taken.subList(0, 3)).containsExactlyInAnyOrder("edge1", "edge2", "edge3");
        assertThat(taken.subList(3, 6)).isEqualTo(taken.subList(0, 3));

        DialOptions sticky = DialOptions.DEFAULT.withSelection(Selection.sticky("user 7"));
        String mine = answerer(caller, sticky);
        for (int i = 0; i < 5; i++) {
            assertThat(answerer(caller, sticky)).isEqualTo(mine);
        }
        replicas.stream().filter(replica -> replica.name().equals(mine)).forEach(CulvertNode::close);
        assertThat(answerer(caller, sticky)).isNotEqualTo(mine).startsWith("edge");
    }

    @Test
    void a_name_that_is_closed_is_unknown_at_once() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        Binding echo = edge.bind("echo", Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));
        assertThat(Net.roundTrip(caller, "echo", "x")).isEqualTo("x");

        echo.close();

        await().atMost(Net.PATIENCE)
                .untilAsserted(() -> Net.refused(caller, "echo", ErrorCode.UNKNOWN_SERVICE, "relay1"));
    }

    @Test
    void an_early_dial_shows_its_refusal_at_the_first_read() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));

        DialOptions early = DialOptions.DEFAULT.withEarly(true);
        try (Stream good = caller.dial(Address.parse("echo"), early)) {
            good.output().write("early".getBytes(UTF_8));
            good.finish();
            assertThat(new String(good.input().readAllBytes(), UTF_8)).isEqualTo("early");
        }
        try (Stream bad = caller.dial(Address.parse("nobody"), early)) {
            bad.output().write(1);
            assertThatThrownBy(() -> bad.input().read())
                    .isInstanceOfSatisfying(
                            DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE));
        }
    }

    @Test
    void a_dial_waits_for_a_link_and_no_longer_than_it_is_told() throws IOException {
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));
        assertThatThrownBy(() ->
                        caller.dial(Address.parse("greet"), DialOptions.DEFAULT.withTimeout(Duration.ofMillis(200))))
                .isInstanceOfSatisfying(DialException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE);
                    assertThat(e.notDelivered()).isTrue();
                });
        AtomicReference<CulvertNode> relay = new AtomicReference<>();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Net.roundTrip(caller, "greet", "");
                    } catch (IOException e) {
                        return e.toString();
                    }
                },
                Net.THREADS);
        relay.set(net.start(net.relay("relay1")));
        relay.get().bind("greet", stream -> stream.output().write("late".getBytes(UTF_8)));

        assertThat(answer)
                .succeedsWithin(Net.PATIENCE)
                .asString()
                .satisfiesAnyOf(
                        text -> assertThat(text).isEqualTo("late"),
                        text -> assertThat(text).contains("UNKNOWN_SERVICE"));
    }

    @Test
    void a_megabyte_goes_both_ways_at_once_and_arrives_whole() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("bulk", Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));
        byte[] sent = new byte[4 << 20];
        new Random(7).nextBytes(sent);

        try (Stream stream = caller.dial("bulk")) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(
                    () -> {
                        try {
                            stream.output().write(sent);
                            stream.finish();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    Net.THREADS);
            assertThat(stream.input().readAllBytes()).isEqualTo(sent);
            writing.get();
        }
    }

    @Test
    void status_tells_links_sessions_services_and_traffic() throws IOException {
        CulvertNode relay = net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", Net.ECHO);
        assertThat(Net.roundTrip(relay, "echo", "hello")).isEqualTo("hello");

        NodeStatus atRelay = relay.status();
        assertThat(atRelay.role()).isEqualTo("relay");
        assertThat(atRelay.sessions()).singleElement().satisfies(session -> {
            assertThat(session.node()).isEqualTo("edge7");
            assertThat(session.offers()).containsExactly("echo");
        });
        assertThat(atRelay.services()).singleElement().satisfies(service -> {
            assertThat(service.service()).isEqualTo("echo");
            assertThat(service.state()).isEqualTo("up");
        });
        assertThat(atRelay.traffic().total()).isEqualTo(1);
        assertThat(edge.status().links())
                .singleElement()
                .satisfies(link -> assertThat(link.state()).isEqualTo("up"));
        assertThat(relay.statusJson()).startsWith("{").contains("\"service\":\"echo\"");
        assertThat(Net.roundTrip(edge, "relay1.$status", ""))
                .contains("\"service\":\"echo\"")
                .doesNotContain("key:");
        assertThat(Net.roundTrip(relay, "$status", "")).contains("\"node\":\"edge7\"");
    }
}
