package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.link.proto.WatchEvent;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may dial a service sees it come and go. */
@Timeout(60)
final class WatchTest {
    private final Net net = new Net();
    private CulvertNode relay;
    private CulvertNode edge;
    private CulvertNode laptop;

    @BeforeEach
    void start() throws IOException {
        relay = net.start(net.relay("relay1"));
        edge = net.start(net.agent("edge7", "relay1"));
        laptop = net.start(net.agent("laptop", "relay1"));
        edge.awaitLink(Net.PATIENCE);
        laptop.awaitLink(Net.PATIENCE);
    }

    @AfterEach
    void close() {
        net.close();
    }

    /** What is offered, as the events say. */
    private static final class Seen implements ServiceWatcher {
        final Map<String, OfferedService> offered = new ConcurrentHashMap<>();
        final List<String> marks = new CopyOnWriteArrayList<>();

        @Override
        public void onOffered(OfferedService service) {
            offered.put(service.address(), service);
        }

        @Override
        public void onGone(OfferedService service) {
            assertThat(offered.remove(service.address())).isNotNull();
        }

        @Override
        public void onSynced(String at) {
            marks.add("synced " + at);
        }

        @Override
        public void onLost(String at, ErrorCode code, String text) {
            marks.add("lost " + at + " " + code);
        }

        void awaitNames(String... names) {
            await().atMost(Net.PATIENCE)
                    .untilAsserted(() -> assertThat(offered.keySet()).containsExactlyInAnyOrder(names));
        }
    }

    private Binding bind(CulvertNode node, String name) throws IOException {
        return node.bind(name, stream -> stream.output().write(1));
    }

    @Test
    void tells_what_is_there_and_then_what_changes() throws IOException {
        bind(edge, "web");
        Seen seen = new Seen();
        laptop.watch("*", seen);
        await().atMost(Net.PATIENCE).until(() -> seen.marks.contains("synced relay1"));
        assertThat(seen.offered.values()).containsExactly(new OfferedService("relay1", "edge7", "web", false));

        Binding second = bind(edge, "web.second");
        edge.bind("", BindOptions.DEFAULT.withPort(7), stream -> stream.output().write(1));
        bind(relay, "own");
        seen.awaitNames("edge7.web", "edge7.web.second", "edge7:7", "relay1.own");
        second.close();
        seen.awaitNames("edge7.web", "edge7:7", "relay1.own");
        assertThat(seen.marks).containsExactly("synced relay1");
    }

    @Test
    void shows_only_what_may_be_dialled_and_matches() throws IOException {
        bind(edge, "secret");
        bind(edge, "web");
        bind(edge, "echo");
        Seen all = new Seen();
        Seen some = new Seen();
        laptop.watch("*", all);
        laptop.watch("we*,nothing", some);
        all.awaitNames("edge7.web", "edge7.echo");
        some.awaitNames("edge7.web");
        bind(edge, "secret2");
        bind(edge, "web2");
        all.awaitNames("edge7.web", "edge7.echo", "edge7.web2");
        some.awaitNames("edge7.web", "edge7.web2");
    }

    @Test
    void a_node_whose_link_is_lost_keeps_its_names_and_is_shown_so() throws IOException {
        CulvertNode fragile = CulvertNode.start(net.agent("fragile", "relay1"), NodeListener.NONE, net.loops);
        fragile.awaitLink(Net.PATIENCE);
        bind(fragile, "web");
        Seen seen = new Seen();
        laptop.watch("*", seen);
        seen.awaitNames("fragile.web");
        fragile.close();
        await().atMost(Net.PATIENCE)
                .until(() -> seen.offered.isEmpty()
                        || seen.offered.values().iterator().next().lost());
    }

    @Test
    void a_watch_comes_back_with_the_link() throws IOException {
        CulvertNode other = CulvertNode.start(net.relay("relay2"), NodeListener.NONE, net.loops);
        bind(other, "web");
        CulvertNode watcher = net.start(net.agent("watcher", "relay2"));
        Seen seen = new Seen();
        watcher.watch("*", seen);
        seen.awaitNames("relay2.web");
        other.close();
        seen.awaitNames();
        assertThat(seen.marks).hasSize(2).last().asString().startsWith("lost relay2");

        CulvertNode again = net.start(net.relay("relay2"));
        bind(again, "web2");
        seen.awaitNames("relay2.web2");
    }

    @Test
    void a_watch_that_is_closed_ends_and_gives_its_place_to_another() throws Exception {
        Seen first = new Seen();
        AutoCloseable watch = laptop.watch("*", first);
        for (int i = 0; i < 2 * WatchService.MAX_PER_SESSION; i++) {
            Seen next = new Seen();
            await().atMost(Net.PATIENCE).until(() -> first.marks.contains("synced relay1"));
            try (AutoCloseable another = laptop.watch("*", next)) {
                assertThat(another).isNotNull();
                await().atMost(Net.PATIENCE).until(() -> !next.marks.isEmpty());
                assertThat(next.marks).containsExactly("synced relay1");
            }
        }
        watch.close();
        Seen last = new Seen();
        laptop.watch("*", last);
        bind(edge, "web");
        last.awaitNames("edge7.web");
        assertThat(first.offered).isEmpty();
        assertThat(first.marks).containsExactly("synced relay1");
    }

    @Test
    void a_slow_watcher_costs_no_more_than_the_names_and_ends_up_right() throws Exception {
        Holding slow = new Holding();
        MuxStream stream = laptop.open(Address.at("relay1", "$watch"), DialOptions.DEFAULT, Unpooled.EMPTY_BUFFER, slow)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        int changes = 20_000;
        for (int i = 0; i < changes; i++) {
            bind(relay, "web").close();
        }
        Binding last = bind(relay, "web-last");
        assertThat(last.service()).isEqualTo("web-last");
        assertThat(slow.bytes.get()).isLessThan(100_000);
        Offered offered = new Offered();
        stream.session()
                .loop()
                .submit(() -> slow.handOver(stream, new EventReader(offered)))
                .get(20, TimeUnit.SECONDS);
        await().atMost(Net.PATIENCE).until(() -> offered.names.contains("web-last"));
        // one window and one queue of events at most, of 40,000 changes
        assertThat(offered.names.size()).isLessThan(15_000);
    }

    /** Takes what comes and gives no credit for it. */
    private static final class Holding implements StreamHandler {
        final AtomicInteger bytes = new AtomicInteger();
        private final List<ByteBuf> held = new ArrayList<>();

        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            bytes.addAndGet(data.readableBytes());
            held.add(data);
        }

        @Override
        public void onFinish(MuxStream stream) {
            throw new AssertionError("the watch has ended");
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            held.forEach(ByteBuf::release);
        }

        void handOver(MuxStream stream, EventReader reader) {
            stream.handler(reader);
            held.forEach(data -> reader.onData(stream, data));
            held.clear();
        }
    }

    /** Names in the order in which they were told; one that is gone tells none. */
    private static final class Offered implements EventReader.Events {
        final List<String> names = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(byte[] message) throws InvalidProtocolBufferException {
            names.add(WatchEvent.parseFrom(message).getOffered().getService());
        }

        @Override
        public void onEnd(ErrorCode code, String text) {
            names.add("end " + code);
        }
    }

    @Test
    void watches_of_one_session_are_bounded() throws IOException {
        List<Seen> all = new ArrayList<>();
        for (int i = 0; i <= WatchService.MAX_PER_SESSION; i++) {
            Seen seen = new Seen();
            all.add(seen);
            laptop.watch("*", seen);
            await().atMost(Net.PATIENCE).until(() -> !seen.marks.isEmpty());
        }
        assertThat(all.get(all.size() - 1).marks).containsExactly("lost relay1 BUSY");
        assertThat(all.subList(0, all.size() - 1))
                .allSatisfy(seen -> assertThat(seen.marks).containsExactly("synced relay1"));
    }

    @Test
    void a_stranger_s_watch_does_not_pass_a_relay() throws IOException {
        CulvertNode far = net.start(net.relay("relay2").withLink(net.link(net.endpoint("relay1"), "relay1")));
        far.awaitLink(Net.PATIENCE);
        CulvertNode stranger = net.linked("stranger", "relay2");
        for (String name : List.of("$watch", "$status")) {
            // the nearer relay passes it on until the two have exchanged their routes, and the farther one refuses
            assertThatThrownBy(() -> stranger.dial(Address.at("relay1", name), DialOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            DialException.class,
                            e -> assertThat(e.code()).isIn(ErrorCode.DENIED, ErrorCode.UNKNOWN_SERVICE));
        }
    }

    @Test
    void a_watcher_that_speaks_is_reset_and_one_that_finishes_is_done() throws IOException {
        try (Stream stream = laptop.dial(Address.at("relay1", "$watch"), DialOptions.DEFAULT)) {
            stream.output().write(1);
            stream.output().flush();
            assertThatThrownBy(() -> stream.input().readAllBytes()).hasMessageContaining("PROTOCOL");
        }
        try (Stream stream = laptop.dial(Address.at("relay1", "$watch"), DialOptions.DEFAULT)) {
            stream.finish();
            assertThat(stream.input().readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void a_watch_does_not_hold_up_a_relay_that_drains() throws Exception {
        Seen seen = new Seen();
        laptop.watch("*", seen);
        await().atMost(Net.PATIENCE).until(() -> seen.marks.contains("synced relay1"));
        assertThat(relay.drain(Duration.ofSeconds(20))).isZero();
        await().atMost(Net.PATIENCE).until(() -> seen.marks.size() > 1);
    }
}
