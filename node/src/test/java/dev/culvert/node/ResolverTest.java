package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.CallOptions;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RelayResolver;
import dev.culvert.api.Stream;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.policy.Authenticator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is told which relay serves what, and links when it dials. */
@Timeout(60)
final class ResolverTest {
    private static final long LONG_MILLIS = 60_000;
    private static final long SHORT_MILLIS = 100;

    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    /** A relay and a machine that says its name to whoever dials {@code web}. */
    private CulvertNode serve(String relay, String machine) throws IOException {
        CulvertNode started = net.start(net.relay(relay));
        CulvertNode edge = net.linked(machine, relay);
        edge.bind("web", stream -> stream.output().write(machine.getBytes(UTF_8)));
        edge.bind("echo", Net.ECHO);
        return started;
    }

    private LinkConfig to(String relay) {
        return net.link(net.endpoint(relay), relay);
    }

    private CulvertNode dialOnly(RelayFinder finder, long idleMillis, String... relays) throws IOException {
        CulvertNode node = net.start(net.agent("laptop", relays));
        node.resolve(finder, idleMillis);
        return node;
    }

    private static String ask(CulvertNode node, String address) throws IOException {
        try (Stream stream = node.dial(address)) {
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }

    private static DialException refusal(CulvertNode node, DialOptions options) {
        return catchThrowableOfType(DialException.class, () -> node.dial(Address.parse("edge7.web"), options));
    }

    private static long linksOf(CulvertNode relay) {
        return relay.sessions().stream()
                .filter(session -> session.node().equals("laptop"))
                .count();
    }

    @Test
    void each_machine_is_dialled_through_the_relay_that_serves_it_with_no_link_before() throws IOException {
        CulvertNode oslo = serve("relay-oslo", "edge7");
        CulvertNode rome = serve("relay-rome", "edge8");
        Map<String, String> places = Map.of("edge7", "relay-oslo", "edge8", "relay-rome");
        CulvertNode node = dialOnly(
                address -> Optional.ofNullable(places.get(address.node())).map(this::to), LONG_MILLIS);
        assertThat(linksOf(oslo) + linksOf(rome)).isZero();

        assertThat(ask(node, "edge7.web")).isEqualTo("edge7");
        assertThat(linksOf(rome)).isZero();
        assertThat(ask(node, "edge8.web")).isEqualTo("edge8");
        assertThat(node.sessions()).hasSize(2).allMatch(session -> session.isDialled());
    }

    @Test
    void dials_at_the_same_time_share_one_link_and_calls_take_it_too() throws Exception {
        CulvertNode oslo = serve("relay-oslo", "edge7");
        AtomicInteger asked = new AtomicInteger();
        CulvertNode node = dialOnly(
                address -> {
                    asked.incrementAndGet();
                    return Optional.of(to("relay-oslo"));
                },
                LONG_MILLIS);

        List<CompletableFuture<Stream>> dials = IntStream.range(0, 50)
                .mapToObj(i -> node.dialAsync(Address.parse("edge7.echo"), DialOptions.DEFAULT)
                        .toCompletableFuture())
                .toList();

        for (CompletableFuture<Stream> dial : dials) {
            assertThat(dial).succeedsWithin(Net.PATIENCE);
        }
        assertThat(linksOf(oslo)).isOne();
        assertThat(asked).hasValue(50);
        for (CompletableFuture<Stream> dial : dials) {
            dial.get().close();
        }
        DialException mode = catchThrowableOfType(
                DialException.class, () -> node.call(Address.parse("edge7.web"), new byte[0], CallOptions.DEFAULT));
        assertThat(mode.code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(mode.hop()).isEqualTo("edge7");
    }

    @Test
    void a_link_that_nobody_uses_goes_and_the_next_dial_makes_another() throws IOException {
        CulvertNode oslo = serve("relay-oslo", "edge7");
        CulvertNode node = dialOnly(address -> Optional.of(to("relay-oslo")), SHORT_MILLIS);

        try (Stream stream = node.dial("edge7.echo")) {
            assertThat(ask(node, "edge7.web")).isEqualTo("edge7");
            await().during(Duration.ofMillis(5 * SHORT_MILLIS))
                    .atMost(Net.PATIENCE)
                    .until(() -> linksOf(oslo) == 1);
            stream.output().write(7);
            assertThat(stream.input().read()).isEqualTo(7);
            assertThat(linksOf(oslo)).isOne();
        }
        await().atMost(Net.PATIENCE)
                .until(() -> linksOf(oslo) == 0 && node.status().links().isEmpty());

        assertThat(ask(node, "edge7.web")).isEqualTo("edge7");
    }

    @Test
    void nothing_is_offered_over_a_link_on_demand() throws IOException {
        CulvertNode oslo = serve("relay-oslo", "edge7");
        CulvertNode node = dialOnly(address -> Optional.of(to("relay-oslo")), LONG_MILLIS);
        node.bind("own", stream -> stream.output().write(1));

        assertThat(ask(node, "edge7.web")).isEqualTo("edge7");

        assertThat(oslo.sessions().stream()
                        .filter(session -> session.node().equals("laptop"))
                        .findAny()
                        .orElseThrow()
                        .services())
                .isEmpty();
    }

    @Test
    void a_relay_that_the_node_is_linked_to_anyway_gets_no_second_link() throws IOException {
        CulvertNode oslo = serve("relay-oslo", "edge7");
        CulvertNode node = dialOnly(address -> Optional.of(to("relay-oslo")), LONG_MILLIS, "relay-oslo");
        node.awaitLink(Net.PATIENCE);
        String before = node.sessions().get(0).id();

        assertThat(ask(node, "edge7.web")).isEqualTo("edge7");

        assertThat(node.sessions()).extracting(session -> session.id()).containsExactly(before);
        assertThat(linksOf(oslo)).isOne();
    }

    @Test
    void what_the_resolver_does_not_know_is_left_to_the_relays_that_were_joined() throws IOException {
        serve("relay-oslo", "edge7");
        CulvertNode node = dialOnly(address -> Optional.empty(), LONG_MILLIS, "relay-oslo");
        assertThat(ask(node, "edge7.web")).isEqualTo("edge7");
    }

    @Test
    void a_relay_that_is_lost_is_linked_again_by_the_next_dial() throws IOException {
        CulvertNode oslo = serve("relay-oslo", "edge7");
        CulvertNode node = dialOnly(address -> Optional.of(to("relay-oslo")), LONG_MILLIS);
        assertThat(ask(node, "edge7.web")).isEqualTo("edge7");

        oslo.sessions().stream()
                .filter(session -> session.node().equals("laptop"))
                .forEach(session -> session.close("maintenance"));
        await().atMost(Net.PATIENCE).until(() -> node.sessions().isEmpty());

        assertThat(ask(node, "edge7.web")).isEqualTo("edge7");
    }

    @Test
    void what_the_resolver_does_wrong_is_told_to_who_dials() throws IOException {
        Map<RelayFinder, ErrorCode> failures = Map.of(
                address -> Optional.empty(),
                ErrorCode.UNKNOWN_SERVICE,
                address -> null,
                ErrorCode.INTERNAL,
                address -> {
                    throw new IllegalStateException("no table");
                },
                ErrorCode.INTERNAL,
                address -> {
                    throw new IOException("the directory does not answer");
                },
                ErrorCode.NO_ROUTE);
        for (Map.Entry<RelayFinder, ErrorCode> failure : failures.entrySet()) {
            CulvertNode node = dialOnly(failure.getKey(), LONG_MILLIS);
            DialException told = refusal(node, DialOptions.DEFAULT);
            assertThat(told.code()).isEqualTo(failure.getValue());
            assertThat(told).hasMessageContaining("resolver").hasMessageContaining("edge7.web");
            assertThat(told.nextStep()).isNotEmpty();
            assertThat(told.notDelivered()).isTrue();
            node.close();
        }
    }

    @Test
    void a_resolver_that_blocks_is_interrupted_when_the_dial_is_over() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(2);
        CountDownLatch asked = new CountDownLatch(2);
        CulvertNode node = dialOnly(
                address -> {
                    asked.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return Optional.empty();
                },
                LONG_MILLIS);

        DialException late = refusal(node, DialOptions.DEFAULT.withTimeout(Duration.ofMillis(50)));
        assertThat(late.code()).isEqualTo(ErrorCode.DEADLINE);
        assertThat(late).hasMessageContaining("the resolver did not say in time");
        assertThat(late.nextStep()).isNotEmpty();

        CompletableFuture<Stream> given =
                node.dialAsync(Address.parse("edge7.web"), DialOptions.DEFAULT).toCompletableFuture();
        assertThat(asked.await(Net.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        given.cancel(false);
        assertThat(interrupted.await(Net.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void too_many_questions_are_refused_and_a_node_that_closes_ends_them_all() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        CulvertNode node = dialOnly(
                address -> {
                    asked.incrementAndGet();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Optional.empty();
                },
                LONG_MILLIS);
        List<CompletionStage<Stream>> waiting = new ArrayList<>();
        for (int i = 0; i < RelayResolver.MAX_QUESTIONS; i++) {
            waiting.add(node.dialAsync(Address.parse("edge7.web"), DialOptions.DEFAULT));
        }
        await().atMost(Net.PATIENCE).until(() -> asked.get() == RelayResolver.MAX_QUESTIONS);
        assertThat(refusal(node, DialOptions.DEFAULT).code()).isEqualTo(ErrorCode.BUSY);

        node.close();

        for (CompletionStage<Stream> one : waiting) {
            assertThat(one.toCompletableFuture())
                    .failsWithin(Net.PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DRAINING));
        }
    }

    @Test
    void a_relay_that_cannot_be_reached_is_told_at_once_and_a_patient_dial_waits_for_it() throws Exception {
        CulvertNode node = dialOnly(address -> Optional.of(to("relay-oslo")), LONG_MILLIS);

        DialException told = refusal(node, DialOptions.DEFAULT);
        assertThat(told.code()).isEqualTo(ErrorCode.NO_ROUTE);
        assertThat(told.hop()).isEqualTo(net.endpoint("relay-oslo").toString());
        assertThat(told.nextStep()).isNotEmpty();

        CompletableFuture<Stream> patient = node.dialAsync(
                        Address.parse("edge7.web"), DialOptions.DEFAULT.withWaitUpTo(Net.PATIENCE))
                .toCompletableFuture();
        serve("relay-oslo", "edge7");
        assertThat(patient).succeedsWithin(Net.PATIENCE);
    }

    @Test
    void a_relay_that_refuses_the_node_is_told_with_its_reason() throws IOException {
        Authenticator strict = claim -> new Authenticator.Refused(ErrorCode.EXPIRED, "the invitation ended yesterday");
        net.start(net.relay("relay-oslo")
                .withListen(new ListenConfig(
                        List.of(net.endpoint("relay-oslo")),
                        LinkPortOptions.DEFAULT.withClear(true),
                        strict,
                        "127.0.0.1")));
        CulvertNode node = dialOnly(address -> Optional.of(to("relay-oslo")), LONG_MILLIS);

        DialException told = refusal(node, DialOptions.DEFAULT);
        assertThat(told.code()).isEqualTo(ErrorCode.EXPIRED);
        assertThat(told).hasMessageContaining("the invitation ended yesterday").hasMessageContaining("culvert invite");
    }

    @Test
    void a_relay_that_is_silent_costs_no_more_than_the_dials_time() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint endpoint = new Endpoint.Tcp("127.0.0.1", silent.getLocalPort());
            CulvertNode node = dialOnly(address -> Optional.of(net.link(endpoint, "relay-oslo")), LONG_MILLIS);

            DialException late = refusal(node, DialOptions.DEFAULT.withTimeout(Duration.ofMillis(200)));
            assertThat(late.code()).isEqualTo(ErrorCode.DEADLINE);
            assertThat(late).hasMessageContaining(endpoint.toString());
        }
    }
}
