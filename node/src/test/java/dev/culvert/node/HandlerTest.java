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
import dev.culvert.api.Stream;
import dev.culvert.api.StreamResetException;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers that fail, too many callers, and dials that wait for a machine. */
@Timeout(60)
final class HandlerTest {
    private final Net net = new Net();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private CulvertNode edge;
    private CulvertNode caller;

    @BeforeEach
    void start() throws IOException {
        net.start(net.relay("relay1"));
        edge = net.start(net.agent("edge7", "relay1"), new NodeListener() {
            @Override
            public void onHandlerFailed(Stream stream, Throwable cause) {
                failures.add(cause);
                throw new IllegalStateException("the hook fails too");
            }
        });
        edge.awaitLink(Net.PATIENCE);
        caller = net.linked("laptop", "relay1");
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void whatever_a_handler_throws_resets_its_stream_and_reaches_the_hook() throws IOException {
        edge.bind("echo", stream -> {
            switch (stream.input().read()) {
                case 'e' -> throw new IOException("broken on purpose");
                case 'x' -> throw new AssertionError("an error on purpose");
                default -> stream.output().write('y');
            }
        });

        for (char c : new char[] {'e', 'x'}) {
            try (Stream broken = caller.dial("echo")) {
                broken.output().write(c);
                assertThatThrownBy(() -> broken.input().read())
                        .isInstanceOfSatisfying(
                                StreamResetException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
            }
        }
        await().atMost(Net.PATIENCE).until(() -> failures.size() == 2);
        assertThat(failures.get(0)).hasMessage("broken on purpose");
        assertThat(failures.get(1)).hasMessage("an error on purpose");
        assertThat(Net.roundTrip(caller, "echo", "a")).isEqualTo("y");
    }

    @Test
    void a_caller_that_goes_is_no_failure_of_the_handler() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        edge.bind("echo", stream -> {
            stream.output().write('r');
            try {
                stream.input().read();
            } catch (StreamResetException e) {
                seen.complete(e);
                throw e;
            }
        });
        Stream stream = caller.dial("echo");
        assertThat(stream.input().read()).isEqualTo('r');
        stream.reset(0x123);
        assertThat(seen).succeedsWithin(Net.PATIENCE);
        assertThat(Net.roundTrip(edge, "edge7.echo", "")).isEqualTo("r");
        assertThat(failures).isEmpty();
    }

    @Test
    void more_callers_than_a_service_takes_at_once_are_refused_busy() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        edge.bind("echo", BindOptions.DEFAULT.withHandlers(2), stream -> {
            stream.output().write('i');
            leave.await();
        });
        Stream first = caller.dial("echo");
        Stream second = caller.dial("echo");
        assertThat(first.input().read()).isEqualTo('i');
        assertThat(second.input().read()).isEqualTo('i');

        assertThatThrownBy(() -> caller.dial("echo")).isInstanceOfSatisfying(DialException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(e.notDelivered()).isTrue();
            assertThat(e.hop()).isEqualTo("edge7");
        });
        leave.countDown();
        await().atMost(Net.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(Net.roundTrip(caller, "echo", "")).isEqualTo("i"));
    }

    @Test
    void a_pool_without_free_threads_refuses_busy() throws Exception {
        CompletableFuture<Refused> refusal = new CompletableFuture<>();
        edge.bind("echo", stream -> {});
        HandlerService full = new HandlerService(
                new Switchboard(null, new Dialer("edge7", NodeLimits.DEFAULT, null, null, null), null, pipes()),
                task -> {
                    throw new RejectedExecutionException();
                },
                stream -> {},
                1,
                NodeListener.NONE);
        for (int i = 0; i < 2; i++) {
            full.open(new OneCall(refusal));
            assertThat(refusal.get().code()).isEqualTo(ErrorCode.BUSY);
            assertThat(refusal.get().text()).contains("all threads");
        }
    }

    @Test
    void a_dial_waits_for_a_service_to_come_as_long_as_it_is_told() throws Exception {
        DialOptions patient = DialOptions.DEFAULT.withWaitUpTo(Net.PATIENCE);
        CompletableFuture<Stream> dialled =
                caller.dialAsync(Address.parse("edge7.echo"), patient).toCompletableFuture();
        CompletableFuture<Stream> early =
                CompletableFuture.completedFuture(caller.dial(Address.parse("edge7.echo"), patient.withEarly(true)));
        early.get().output().write("early".getBytes(UTF_8));
        assertThatThrownBy(() -> caller.dial("edge7.echo")).hasMessageContaining("UNKNOWN_SERVICE");
        assertThat(dialled).isNotDone();

        Binding echo = edge.bind("echo", Net.ECHO);

        try (Stream stream = dialled.get()) {
            stream.output().write('w');
            assertThat(stream.input().read()).isEqualTo('w');
        }
        early.get().finish();
        assertThat(early.get().input().readAllBytes()).isEqualTo("early".getBytes(UTF_8));
        echo.close();
    }

    @Test
    void a_dial_that_waits_ends_with_its_time_its_deadline_or_its_caller() {
        DialOptions patient = DialOptions.DEFAULT.withWaitUpTo(Duration.ofMillis(120));
        assertThatThrownBy(() -> caller.dial(Address.parse("nobody"), patient))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE));
        assertThatThrownBy(() -> caller.dial(Address.parse("nobody"), DialOptions.DEFAULT.withDeadline(Instant.EPOCH)))
                .isInstanceOfSatisfying(DialException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE);
                    assertThat(e.notDelivered()).isTrue();
                });
        CompletableFuture<Stream> cancelled = caller.dialAsync(
                        Address.parse("nobody"), DialOptions.DEFAULT.withWaitUpTo(Duration.ofDays(1)))
                .toCompletableFuture();
        assertThat(cancelled.cancel(false)).isTrue();
    }

    @Test
    void rests_grow_to_a_second_and_differ_by_chance() {
        assertThat(PatientDial.restMillis(0, 0)).isEqualTo(25);
        assertThat(PatientDial.restMillis(0, 1)).isEqualTo(50);
        assertThat(PatientDial.restMillis(2, 0.5)).isEqualTo(150);
        assertThat(PatientDial.restMillis(5, 1)).isEqualTo(1_000);
        assertThat(PatientDial.restMillis(1_000_000, 1)).isEqualTo(1_000);
    }

    private static Pipes pipes() {
        return new Pipes(new Traffic(), Ticker.systemTicker(), InstantSource.system(), Runnable::run);
    }

    /** A call that only its refusal is asked of. */
    private record OneCall(CompletableFuture<Refused> refusal) implements Incoming {
        @Override
        public Call call() {
            return Call.own(Address.parse("echo"), "default", new DialTerms("", Map.of(), 1_000, false), 0);
        }

        @Override
        public MuxStream stream() {
            throw new UnsupportedOperationException("refused before");
        }

        @Override
        public Peer from() {
            throw new UnsupportedOperationException("refused before");
        }

        @Override
        public void onGone(Runnable task) {}

        @Override
        public boolean accept(StreamHandler handler) {
            throw new AssertionError("accepted without a thread");
        }

        @Override
        public void refuse(Refused refused) {
            refusal.complete(refused);
        }
    }
}
