package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.CallOptions;
import dev.culvert.api.CulvertException;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.InviteOptions;
import dev.culvert.api.LinkException;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class WirenetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CLIENTS = 100;

    @TempDir
    Path state;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Node> nodes = new ArrayList<>();

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

    private Node hub() throws IOException {
        return kept(HubWithTwoNodes.hub(state));
    }

    private Node join(Node hub) throws IOException {
        return kept(Node.join(hub.invite()));
    }

    @Test
    void a_hub_passes_a_stream_from_one_client_to_the_other() throws IOException {
        Node hub = hub();
        Node client1 = join(hub);
        HubWithTwoNodes.offer(join(hub));

        assertThat(HubWithTwoNodes.read(client1)).isEqualTo("42");
    }

    @Test
    void tokens_decide_who_links_and_what_he_opens() throws IOException {
        Node hub = kept(AuthenticatedServices.hub(state, Map.of("ada", "secret")));
        Node ada = kept(AuthenticatedServices.client(hub.invite(), "ada", "secret"));
        Node guest = kept(AuthenticatedServices.guest(hub.invite()));
        Node liar = kept(AuthenticatedServices.client(hub.invite(), "ada", "guessed"));

        assertThat(call(ada, "account.balance")).isEqualTo("42");
        assertThat(call(guest, "public")).isEqualTo("anybody");
        assertThatThrownBy(() -> call(guest, "account.balance"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED));
        assertThatThrownBy(() -> liar.awaitLink(PATIENCE)).isInstanceOf(LinkException.class);
        assertThat(hub.sessions()).hasSize(2);
    }

    private static String call(Node node, String service) throws IOException {
        return new String(node.call(Address.service(service), new byte[0], CallOptions.DEFAULT), UTF_8);
    }

    @Test
    void a_hundred_clients_send_and_receive_at_once() throws Exception {
        Node hub = hub();
        BytesBothWays.serve(hub);
        String joinString = hub.invite(InviteOptions.DEFAULT.withUses(CLIENTS));
        List<CompletableFuture<Integer>> exchanges = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Node client =
                    kept(Node.builder().name("client" + i).join(joinString).start());
            int seed = i;
            exchanges.add(CompletableFuture.supplyAsync(() -> exchange(client, seed), threads));
        }
        for (CompletableFuture<Integer> exchange : exchanges) {
            assertThat(exchange.get(60, TimeUnit.SECONDS)).isEqualTo(100_000);
        }
    }

    private int exchange(Node client, int seed) {
        try {
            return BytesBothWays.exchange(client, 100_000, seed, threads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void an_exchange_asks_its_data_centres_one_by_one() throws Exception {
        try (DataCentres exchange = new DataCentres(state)) {
            kept(DataCentres.centre(exchange.invite(), "berlin", "7 crates"));
            Node oslo = kept(DataCentres.centre(exchange.invite(), "oslo", "9 crates"));
            await().atMost(PATIENCE).until(() -> exchange.present().size() == 2);

            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(exchange.stock(exchange.present().get("berlin")))
                                    .isEqualTo("7 crates"));
            assertThat(exchange.stock(exchange.present().get("oslo"))).isEqualTo("9 crates");
            oslo.close();
            await().atMost(PATIENCE).until(() -> exchange.present().size() == 1);
            assertThat(exchange.present()).containsOnlyKeys("berlin");
        }
    }

    @Test
    void keys_are_heard_one_by_one() throws Exception {
        Node hub = hub();
        List<String> heard = new CopyOnWriteArrayList<>();
        RemoteKeyboard.listen(join(hub), "keyboard", heard::add);
        try (RemoteKeyboard keyboard = new RemoteKeyboard(join(hub), "keyboard")) {
            for (String key : List.of("H", "i", "Enter")) {
                keyboard.press(key);
            }
            await().atMost(PATIENCE).until(() -> heard.size() == 3);
        }
        assertThat(heard).containsExactly("H", "i", "Enter");
    }

    @Test
    void a_client_links_again_and_says_so() throws Exception {
        Node hub = hub();
        List<String> log = new CopyOnWriteArrayList<>();
        Node client = kept(ReconnectingClient.start(hub.invite(), log::add));
        client.bind("echo", stream -> stream.transferTo(stream));
        client.awaitLink(PATIENCE);
        await().atMost(PATIENCE).until(() -> hub.sessions().size() == 1);

        hub.sessions().get(0).close("maintenance");

        await().atMost(PATIENCE)
                .until(() -> log.stream().filter("linked to hub"::equals).count() == 2);
        assertThat(log).element(0).isEqualTo("connecting");
        assertThat(log).anyMatch(line -> line.contains("maintenance"));
    }

    @Test
    void a_shell_runs_what_is_typed_and_ends_with_its_stream() throws IOException {
        Node hub = hub();
        RemoteShell.serve(join(hub), "shell", threads);

        assertThat(RemoteShell.ask(join(hub), "shell", "echo $((6 * 7))\nexit 3\n"))
                .isEqualTo("42\nexit 3\n");
    }

    @Test
    void files_are_fetched_one_by_one_and_sent_many_at_a_time() throws Exception {
        Node hub = hub();
        Node server = join(hub);
        Node client = join(hub);
        Path shelf = Files.createDirectories(state.resolve("shelf"));
        Path inbox = Files.createDirectories(state.resolve("inbox"));
        byte[] large = new byte[3 << 20];
        large[large.length - 1] = 1;
        Path one = Files.write(shelf.resolve("large"), large);
        Path two = Files.writeString(shelf.resolve("small"), "small");
        TransferFiles.serve(server, "files", shelf);
        TransferFiles.receive(server, "upload", inbox);

        assertThat(TransferFiles.fetch(client, "files", "large", state.resolve("copy")))
                .isEqualTo(large.length);
        assertThat(state.resolve("copy")).hasSameBinaryContentAs(one);
        assertThatThrownBy(() -> TransferFiles.fetch(client, "files", "../identity", state.resolve("stolen")))
                .isInstanceOfSatisfying(
                        CulvertException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        TransferFiles.send(client, "upload", List.of(one, two));
        assertThat(inbox.resolve("large")).hasSameBinaryContentAs(one);
        assertThat(inbox.resolve("small")).hasContent("small");
    }

    @Test
    void work_is_given_up_when_its_caller_goes() throws Exception {
        Node hub = hub();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        LongWork.serve(join(hub), "report", threads, () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        Stream stream = join(hub).dial(Address.parse("report"), DialOptions.DEFAULT);
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        stream.reset(ErrorCode.CANCELLED.number());

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
