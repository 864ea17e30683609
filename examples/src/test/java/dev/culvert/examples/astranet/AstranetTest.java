package dev.culvert.examples.astranet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.Binding;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.LiveMap;
import dev.culvert.api.Messages;
import dev.culvert.api.Node;
import dev.culvert.api.ServiceRoute;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AstranetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int STREAMS = 512;

    @TempDir
    Path state;

    private final ExecutorService threads = Executors.newFixedThreadPool(32);
    private final List<Node> nodes = new ArrayList<>();
    private Node relay;

    @BeforeEach
    void start() throws IOException {
        relay = kept(Node.builder()
                .name("relay")
                .listen("127.0.0.1:0")
                .stateDirectory(state)
                .start());
    }

    @Test
    void nodes_that_can_reach_each_other_need_the_relay_only_to_find_each_other() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Node edge = kept(DirectPath.reachable("edge7", relay.invite(), "127.0.0.1:" + port));
        edge.awaitLink(PATIENCE);
        edge.bind("echo", stream -> stream.input().transferTo(stream.output()));
        Node caller = kept(DirectPath.dialling(relay.invite(), "127.0.0.0/8"));
        caller.awaitLink(PATIENCE);

        caller.dial("edge7.echo").close();
        await().atMost(PATIENCE)
                .until(() -> caller.sessions().stream()
                        .anyMatch(session -> session.node().equals("edge7")));
        relay.close();

        DialOptions brief = DialOptions.DEFAULT.withTimeout(Duration.ofSeconds(2));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (Stream stream = caller.dial(Address.parse("edge7.echo"), brief)) {
                stream.output().write(7);
                return stream.input().read() == 7;
            }
        });
    }

    @AfterEach
    void close() {
        for (int i = nodes.size(); i > 0; i--) {
            nodes.get(i - 1).close();
        }
        threads.shutdownNow();
    }

    private Node kept(Node node) {
        nodes.add(node);
        return node;
    }

    private Node join() throws IOException {
        return kept(Node.join(relay.invite()));
    }

    @Test
    void nodes_without_ports_link_over_pipes() throws Exception {
        PipedInputStream nearIn = new PipedInputStream(65_536);
        PipedInputStream farIn = new PipedInputStream(65_536);
        PipedOutputStream nearOut = new PipedOutputStream(farIn);
        PipedOutputStream farOut = new PipedOutputStream(nearIn);
        Node hub = kept(Attach.withoutPort("hub"));
        Node edge = kept(Node.builder().name("edge7").start());
        Future<Session> serving = threads.submit(() -> Attach.serve(hub, nearIn, nearOut));
        Session session = Attach.join(edge, farIn, farOut, hub.invite());
        assertThat(serving.get().id()).isEqualTo(session.id());
        edge.bind("motto", stream -> stream.output().write("over pipes".getBytes(UTF_8)));
        try (Stream stream = hub.dial("edge7.motto")) {
            assertThat(new String(stream.input().readAllBytes(), UTF_8)).isEqualTo("over pipes");
        }
    }

    @Test
    void live_maps_follow_services_and_nodes() throws Exception {
        Node edge = kept(Node.builder().name("edge7").join(relay.invite()).start());
        edge.awaitLink(PATIENCE);
        Node laptop = join();
        List<String> lines = new CopyOnWriteArrayList<>();
        LiveMap<Address, ServiceRoute> services = laptop.services();
        Future<?> following = threads.submit(() -> LiveMaps.follow(services, lines::add));
        Binding motto = edge.bind("motto", stream -> stream.finish());
        await().atMost(PATIENCE).until(() -> lines.contains("edge7.motto is there"));
        assertThat(LiveMaps.table(relay)).containsEntry("edge7", "direct");
        motto.close();
        await().atMost(PATIENCE).until(() -> lines.contains("edge7.motto is gone"));
        services.close();
        following.get();
        assertThat(LiveMaps.table(laptop)).containsEntry("relay", "direct");
    }

    @Test
    void a_node_dials_itself_without_a_link() throws IOException {
        assertThat(LoopBack.echo("hello")).isEqualTo("hello");
    }

    @Test
    void environments_have_the_same_names_and_do_not_meet() throws IOException {
        Environments.say(kept(Environments.join(relay, "day")), "sun");
        Environments.say(kept(Environments.join(relay, "night")), "moon");

        assertThat(Environments.hear(kept(Environments.join(relay, "day")))).isEqualTo("sun");
        assertThat(Environments.hear(kept(Environments.join(relay, "night")))).isEqualTo("moon");
        Node nowhere = kept(Environments.join(relay, "dusk"));
        assertThatThrownBy(() -> Environments.hear(nowhere)).isInstanceOf(DialException.class);
    }

    @Test
    void a_virtual_port_is_dialled_with_its_node_and_a_name_without() throws IOException {
        Node server = join();
        Node caller = join();
        try (StreamListener port = VirtualPorts.listen(server, 70_000);
                StreamListener both = VirtualPorts.listen(server, "echo", 7);
                StreamListener chosen = VirtualPorts.listenAnywhere(server)) {
            threads.execute(() -> echo(port));
            threads.execute(() -> echo(both));
            threads.execute(() -> echo(chosen));
            for (String address :
                    List.of(server.name() + ":70000", server.name() + ":7", "echo", ":" + chosen.port())) {
                assertThat(say(caller.dial(address))).as(address).isEqualTo("hello");
            }
        }
    }

    private static void echo(StreamListener listener) {
        try {
            VirtualPorts.echo(listener);
        } catch (IOException listenerClosed) {
            assertThat(listenerClosed).hasMessageContaining("closed");
        }
    }

    private static String say(Stream stream) throws IOException {
        try (stream) {
            stream.output().write("hello".getBytes(UTF_8));
            stream.finish();
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }

    @Test
    void a_dial_waits_for_a_service_that_is_about_to_appear() throws Exception {
        Node server = join();
        Node caller = join();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> dialAndSay(caller), threads);
        assertThatThrownBy(() -> caller.dial("late")).isInstanceOf(DialException.class);

        server.bind("late", stream -> stream.transferTo(stream));

        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
    }

    private static String dialAndSay(Node caller) {
        try {
            return say(PatientDial.dial(caller, "late", PATIENCE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everybody_in_the_room_hears_everybody() throws Exception {
        Chat room = new Chat();
        room.open(join(), "room");
        try (Messages ada = join().dialMessages("room");
                Messages bob = join().dialMessages("room")) {
            await().atMost(PATIENCE).until(() -> room.size() == 2);
            Chat.say(ada, "hello");
            assertThat(Chat.hear(bob)).isEqualTo("hello");
            assertThat(Chat.hear(ada)).isEqualTo("hello");
            Chat.say(bob, "welcome");
            assertThat(Chat.hear(ada)).isEqualTo("welcome");
        }
    }

    @Test
    void no_request_fails_while_listeners_come_and_go() throws Exception {
        Node steady = join();
        Node fickle = join();
        HurtMePlenty.offer(steady);
        HurtMePlenty caller = new HurtMePlenty(join());
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> get(caller), threads));
        }
        while (!answers.get(STREAMS - 1).isDone()) {
            try (Binding binding = HurtMePlenty.offer(fickle)) {
                assertThat(binding.service()).isEqualTo("plenty");
            }
        }
        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        }
        caller.close();
    }

    private static String get(HurtMePlenty caller) {
        try {
            return caller.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
