package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamResetException;
import dev.culvert.api.Validators;
import dev.culvert.api.Verdict;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.policy.Authenticator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes that a relay has brought together link without it, where both are told to. [DIRECT-1] to [DIRECT-8] */
@Timeout(60)
final class DirectLinksTest {
    private static final String ADDRESS = "192.0.2.7:7443";
    private static final long LONG_MILLIS = 60_000;

    private final Net net = new Net();
    private Validators validators = Validators.NONE;
    private CulvertNode relay;
    private CulvertNode edge;

    @AfterEach
    void close() {
        net.close();
    }

    /** A relay and a machine behind it that takes direct links of those it knows from there, and of nobody else. */
    private void start(long ticketMillis) throws IOException {
        relay = net.start(net.relay("relay1"));
        Authenticator nobody = claim -> new Authenticator.Refused(ErrorCode.UNAUTHENTICATED, "not invited");
        ListenConfig port = new ListenConfig(
                List.of(net.endpoint("edge7")), LinkPortOptions.DEFAULT.withClear(true), nobody, "127.0.0.1");
        edge = net.start(net.agent("edge7", "relay1")
                .withValidators(validators)
                .withListen(port.withDirect(new DirectTerms(List.of(ADDRESS), ticketMillis))));
        edge.awaitLink(Net.PATIENCE);
        edge.bind("web", stream -> stream.output().write(stream.principal().getBytes(UTF_8)));
        edge.bind("echo", Net.ECHO);
    }

    private CulvertNode caller(DirectPolicy policy) throws IOException {
        CulvertNode node = net.start(net.agent("laptop", "relay1"));
        node.dialDirectly(policy, 100);
        node.awaitLink(Net.PATIENCE);
        return node;
    }

    private CulvertNode caller() throws IOException {
        return caller(address -> address.equals(ADDRESS) ? Optional.of(net.endpoint("edge7")) : Optional.empty());
    }

    private static String ask(CulvertNode node, String address) throws IOException {
        try (Stream stream = node.dial(address)) {
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }

    /** The sessions that came in at the machine itself. */
    private List<Session> direct() {
        return edge.sessions().stream().filter(session -> !session.isDialled()).toList();
    }

    /** Until a stream has gone the short way. */
    private void awaitDirect(CulvertNode node, String address) {
        await().atMost(Net.PATIENCE).until(() -> {
            long before = relay.status().traffic().total();
            ask(node, address);
            return relay.status().traffic().total() == before;
        });
    }

    @Test
    void later_dials_take_a_direct_link_as_the_same_principal_and_need_no_relay() throws IOException {
        start(LONG_MILLIS);
        CulvertNode node = caller();
        assertThat(ask(node, "edge7.web")).isEqualTo(node.principal().id());

        awaitDirect(node, "edge7.web");

        assertThat(direct()).singleElement().satisfies(session -> {
            assertThat(session.node()).isEqualTo("laptop");
            assertThat(session.principal()).isEqualTo(node.principal().id());
            assertThat(session.identity()).isEmpty();
        });
        relay.close();
        assertThat(ask(node, "edge7.web")).isEqualTo(node.principal().id());
    }

    @Test
    void dials_fall_back_to_the_relay_when_the_direct_link_goes() throws IOException {
        start(LONG_MILLIS);
        CulvertNode node = caller();
        ask(node, "edge7.web");
        awaitDirect(node, "edge7.web");

        direct().forEach(session -> session.close("maintenance"));
        await().atMost(Net.PATIENCE).until(() -> node.sessions().size() == 1);

        assertThat(ask(node, "edge7.web")).isEqualTo(node.principal().id());
    }

    @Test
    void nothing_is_linked_where_the_policy_does_not_permit_it() throws IOException {
        start(LONG_MILLIS);
        List<String> proposed = new CopyOnWriteArrayList<>();
        CulvertNode node = caller(address -> {
            proposed.add(address);
            return Optional.empty();
        });
        ask(node, "edge7.web");
        await().atMost(Net.PATIENCE).untilAsserted(() -> assertThat(proposed).containsExactly(ADDRESS));

        ask(node, "edge7.web");
        assertThat(direct()).isEmpty();
        assertThat(proposed).hasSize(1);
    }

    @Test
    void a_direct_link_carries_nothing_but_streams_for_which_there_is_a_ticket() throws IOException {
        start(LONG_MILLIS);
        CulvertNode node = caller();
        node.bind("own", stream -> stream.output().write(1));
        ask(node, "edge7.web");
        awaitDirect(node, "edge7.web");
        Session out = node.sessions().stream()
                .filter(session -> session.node().equals("edge7"))
                .findAny()
                .orElseThrow();

        assertThat(code(out, "web", Map.of())).isEqualTo(ErrorCode.NO_ROUTE);
        assertThat(code(out, "web", Map.of(DirectDesk.TICKET, "no base64 !"))).isEqualTo(ErrorCode.NO_ROUTE);
        assertThat(code(out, "$status", Map.of())).isEqualTo(ErrorCode.DENIED);
        assertThat(code(out, "web", Map.of(DirectDesk.ASK, "1"))).isEqualTo(ErrorCode.DENIED);
        assertThat(code(direct().get(0), "own", Map.of())).isEqualTo(ErrorCode.DENIED);
        assertThat(direct().get(0).services()).isEmpty();
    }

    private static ErrorCode code(Session session, String service, Map<String, String> headers) {
        return catchThrowableOfType(
                        DialException.class, () -> session.open(service, DialOptions.DEFAULT.withHeaders(headers)))
                .code();
    }

    @Test
    void a_ticket_for_one_service_is_none_for_another_which_gets_its_own() throws IOException {
        start(LONG_MILLIS);
        CulvertNode node = caller();
        ask(node, "edge7.web");
        awaitDirect(node, "edge7.web");
        try (Stream stream = node.dial("edge7.echo")) {
            stream.output().write(7);
            assertThat(stream.input().read()).isEqualTo(7);
            assertThat(stream.headers()).doesNotContainKeys(DirectDesk.TICKET, DirectDesk.ASK);
        }
        await().atMost(Net.PATIENCE).until(() -> {
            long before = relay.status().traffic().total();
            node.dial("edge7.echo").close();
            return relay.status().traffic().total() == before;
        });
        assertThat(direct()).hasSize(1);
    }

    @Test
    void the_service_sees_neither_questions_nor_tickets() throws IOException {
        start(LONG_MILLIS);
        List<Map<String, String>> seen = new CopyOnWriteArrayList<>();
        edge.bind("greet", stream -> seen.add(stream.headers()));
        CulvertNode node = caller();
        ask(node, "edge7.greet");
        await().atMost(Net.PATIENCE).until(() -> direct().size() == 1);
        ask(node, "edge7.greet");
        await().atMost(Net.PATIENCE).untilAsserted(() -> assertThat(seen).containsExactly(Map.of(), Map.of()));
    }

    @Test
    void an_offer_that_wants_renewing_all_the_time_is_not_taken() throws IOException {
        start(50);
        List<String> proposed = new CopyOnWriteArrayList<>();
        CulvertNode node = caller(address -> {
            proposed.add(address);
            return Optional.of(net.endpoint("edge7"));
        });
        long before = relay.status().traffic().total();
        ask(node, "edge7.web");
        await().atMost(Net.PATIENCE).until(() -> relay.status().traffic().total() == before + 2);
        ask(node, "edge7.web");
        assertThat(proposed).isEmpty();
        assertThat(direct()).isEmpty();
    }

    @Test
    void a_service_that_takes_its_time_is_waited_for_on_the_direct_link() throws IOException {
        AtomicBoolean slow = new AtomicBoolean();
        validators = Validators.NONE.withStreams(request -> {
            if (slow.get()) {
                new CountDownLatch(1).await(1_700, TimeUnit.MILLISECONDS);
            }
            return Verdict.ACCEPT;
        });
        start(LONG_MILLIS);
        CulvertNode node = caller();
        ask(node, "edge7.web");
        awaitDirect(node, "edge7.web");
        long before = relay.status().traffic().total();
        slow.set(true);

        assertThat(ask(node, "edge7.web")).isEqualTo(node.principal().id());
        assertThat(relay.status().traffic().total()).isEqualTo(before);
    }

    @Test
    void a_node_that_takes_no_direct_links_is_asked_once_and_its_service_does_not_notice() throws IOException {
        relay = net.start(net.relay("relay1"));
        edge = net.linked("edge7", "relay1");
        AtomicInteger handled = new AtomicInteger();
        edge.bind("web", stream -> handled.incrementAndGet());
        CulvertNode node = caller();
        long before = edge.status().traffic().refused();
        ask(node, "edge7.web");
        await().atMost(Net.PATIENCE).until(() -> edge.status().traffic().refused() == before + 1);
        ask(node, "edge7.web");
        ask(node, "edge7.web");
        assertThat(handled).hasValue(3);
        assertThat(edge.status().traffic().refused()).isEqualTo(before + 1);
    }

    @Test
    void who_loses_its_access_at_the_relay_loses_the_direct_link_and_its_streams_soon_after() throws Exception {
        start(2_000);
        CulvertNode node = caller();
        ask(node, "edge7.web");
        await().atMost(Net.PATIENCE).until(() -> direct().size() == 1);
        node.dial("edge7.echo").close();
        Stream[] open = new Stream[1];
        await().atMost(Net.PATIENCE).until(() -> {
            long before = relay.status().traffic().total();
            if (open[0] != null) {
                open[0].close();
            }
            open[0] = node.dial("edge7.echo");
            return relay.status().traffic().total() == before;
        });
        await().during(Duration.ofMillis(2_500)).atMost(Net.PATIENCE).until(() -> {
            open[0].output().write(7);
            return open[0].input().read() == 7 && direct().size() == 1;
        });

        relay.revoke(node.principal(), ErrorCode.REVOKED, "by the operator");

        assertThat(catchThrowable(() -> open[0].input().read())).isInstanceOf(StreamResetException.class);
        await().atMost(Net.PATIENCE).until(() -> direct().isEmpty());
        assertThat(catchThrowableOfType(
                        DialException.class,
                        () -> node.dial(
                                Address.parse("edge7.web"), DialOptions.DEFAULT.withTimeout(Duration.ofMillis(300)))))
                .isNotNull();
    }
}
