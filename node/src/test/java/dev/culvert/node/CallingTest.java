package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.CallException;
import dev.culvert.api.CallHandler;
import dev.culvert.api.CallOptions;
import dev.culvert.api.CallRequest;
import dev.culvert.api.CulvertException;
import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls and notifications between nodes. [CALL] */
@Timeout(60)
final class CallingTest {
    private static final Address API = Address.parse("edge7.web-api");

    private final Net net = new Net();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private CulvertNode relay;
    private CulvertNode edge;
    private CulvertNode caller;

    @BeforeEach
    void start() throws IOException {
        relay = net.start(net.relay("relay1"));
        edge = net.start(net.agent("edge7", "relay1"), new NodeListener() {
            @Override
            public void onCallFailed(CallRequest request, Throwable cause) {
                failed.complete(cause);
            }
        });
        edge.awaitLink(Net.PATIENCE);
        caller = net.start(net.agent("laptop", "relay1"));
    }

    @AfterEach
    void close() {
        net.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void calls_are_answered_in_both_directions() throws IOException {
        CallHandler handler =
                request -> bytes(request.address().service() + ": " + new String(request.body(), UTF_8).toUpperCase());
        edge.handleCalls("web-api", handler);
        relay.handleCalls("web-relay", handler);

        assertThat(caller.call("edge7.web-api", bytes("hello"))).isEqualTo(bytes("web-api: HELLO"));
        assertThat(relay.call("edge7.web-api", bytes("down"))).isEqualTo(bytes("web-api: DOWN"));
        assertThat(edge.call("relay1.web-relay", bytes("up"))).isEqualTo(bytes("web-relay: UP"));
        assertThat(edge.call("web-api", bytes("self"))).isEqualTo(bytes("web-api: SELF"));
        assertThat(caller.call("edge7.web-api", new byte[0])).isEqualTo(bytes("web-api: "));
    }

    @Test
    void requests_and_answers_of_every_size_arrive_whole() throws IOException {
        edge.handleCalls("web-api", CallRequest::body);
        Random random = new Random(5);
        for (int size : new int[] {1, 4_096, 4_097, 32_764, 32_765, 65_536, 100_000, CallHandler.MAX_REQUEST_BYTES}) {
            byte[] request = new byte[size];
            random.nextBytes(request);
            assertThat(caller.call("web-api", request)).isEqualTo(request);
        }
        await().atMost(Net.PATIENCE)
                .until(() -> caller.status().traffic().open() == 0
                        && edge.status().traffic().open() == 0);
    }

    @Test
    void the_handler_sees_who_calls_and_with_which_headers() throws IOException {
        AtomicReference<CallRequest> seen = new AtomicReference<>();
        edge.handleCalls("web-api", request -> {
            seen.set(request);
            return request.body();
        });

        caller.call(API, bytes("x"), CallOptions.DEFAULT.withHeaders(Map.of("colour", "blue")));

        assertThat(seen.get().principal()).isEqualTo(caller.principal().id());
        assertThat(seen.get().headers()).containsEntry("colour", "blue");
        assertThat(seen.get().isNotification()).isFalse();
    }

    @Test
    void a_handler_tells_its_own_code_and_text() throws IOException {
        edge.handleCalls("web-api", request -> {
            throw new CallException(0x123, "out of cheese");
        });

        assertThatThrownBy(() -> caller.call("web-api", bytes("x"))).isInstanceOfSatisfying(CallException.class, e -> {
            assertThat(e.number()).isEqualTo(0x123);
            assertThat(e.text()).isEqualTo("out of cheese");
        });
        assertThat(failed).isNotDone();
    }

    @Test
    void a_handler_that_throws_is_told_here_and_kept_from_the_caller() throws Exception {
        edge.handleCalls("web-api", request -> {
            throw new IllegalStateException("secret detail");
        });

        callFails(() -> caller.call("web-api", bytes("x")), ErrorCode.INTERNAL)
                .hasMessageContaining("edge7")
                .hasMessageNotContaining("secret");
        assertThat(failed.get()).hasMessage("secret detail");
    }

    @Test
    void a_notification_returns_when_it_was_received_and_does_not_wait_for_its_handler() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<CallRequest> seen = new CompletableFuture<>();
        edge.handleCalls("web-api", request -> {
            release.await();
            seen.complete(request);
            throw new IllegalStateException("nobody is told but the hook");
        });

        caller.notify("web-api", bytes("event"));
        caller.close();
        release.countDown();

        assertThat(seen.get().body()).isEqualTo(bytes("event"));
        assertThat(seen.get().isNotification()).isTrue();
        assertThat(seen.get().isCancelled()).isFalse();
        assertThat(failed.get()).hasMessageContaining("nobody");
    }

    @Test
    void a_cancelled_call_interrupts_its_handler() throws Exception {
        Stuck stuck = new Stuck();
        edge.handleCalls("web-api", stuck);
        CompletableFuture<byte[]> call = caller.callAsync(API, bytes("x"), CallOptions.DEFAULT);
        stuck.begun.await();

        call.cancel(false);

        stuck.assertCancelled();
    }

    @Test
    void an_interrupted_caller_cancels_its_call() throws Exception {
        Stuck stuck = new Stuck();
        edge.handleCalls("web-api", stuck);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                caller.call(API, bytes("x"), CallOptions.DEFAULT);
            } catch (IOException e) {
                thrown.complete(e);
            }
        });
        thread.start();
        stuck.begun.await();

        thread.interrupt();

        assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
        stuck.assertCancelled();
    }

    @Test
    void a_call_ends_at_its_deadline_and_its_handler_with_it() throws Exception {
        Stuck stuck = new Stuck();
        edge.handleCalls("web-api", stuck);

        callFails(
                () -> caller.call(API, bytes("x"), CallOptions.DEFAULT.withTimeout(Duration.ofMillis(500))),
                ErrorCode.DEADLINE);
        stuck.assertCancelled();
    }

    @Test
    void a_caller_that_vanishes_cancels_what_was_done_for_it() throws Exception {
        Stuck stuck = new Stuck();
        edge.handleCalls("web-api", stuck);
        CompletableFuture<byte[]> call = caller.callAsync(API, bytes("x"), CallOptions.DEFAULT);
        stuck.begun.await();

        caller.close();

        stuck.assertCancelled();
        lost(call);
    }

    @Test
    void a_service_that_vanishes_ends_the_call_at_once() throws Exception {
        Stuck stuck = new Stuck();
        edge.handleCalls("web-api", stuck);
        CompletableFuture<byte[]> call = caller.callAsync(API, bytes("x"), CallOptions.DEFAULT);
        stuck.begun.await();

        edge.close();

        lost(call);
    }

    /** The link may be lost after the handler began and before its node's answer to the dial has arrived. */
    private static void lost(CompletableFuture<byte[]> call) {
        assertThat(call)
                .failsWithin(Net.PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        CulvertException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_LOST));
    }

    @Test
    void a_request_that_is_too_large_is_refused_and_the_service_goes_on() throws IOException {
        edge.handleCalls("web-api", CallRequest::body);

        callFails(() -> caller.call("web-api", new byte[CallHandler.MAX_REQUEST_BYTES + 1]), ErrorCode.TOO_LARGE)
                .hasMessageContaining(String.valueOf(CallHandler.MAX_REQUEST_BYTES));
        assertThat(caller.call("web-api", bytes("y"))).isEqualTo(bytes("y"));
    }

    @Test
    void an_answer_that_is_too_large_fails_the_call() throws IOException {
        edge.handleCalls("web-api", request -> new byte[1_000]);

        callFails(() -> caller.call(API, bytes("x"), CallOptions.DEFAULT.withMaxAnswerBytes(999)), ErrorCode.TOO_LARGE);
        assertThat(caller.call(API, bytes("x"), CallOptions.DEFAULT.withMaxAnswerBytes(1_000)))
                .hasSize(1_000);
    }

    @Test
    void calls_beyond_the_backlog_are_refused_and_were_not_delivered() throws Exception {
        Stuck stuck = new Stuck();
        edge.handleCalls("web-api", BindOptions.DEFAULT.withBacklog(1), stuck);
        CompletableFuture<byte[]> first = caller.callAsync(API, bytes("x"), CallOptions.DEFAULT);
        stuck.begun.await();

        assertThatThrownBy(() -> caller.call("edge7.web-api", bytes("y")))
                .isInstanceOfSatisfying(DialException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
                    assertThat(e.notDelivered()).isTrue();
                });
        first.cancel(false);
        stuck.assertCancelled();
    }

    @Test
    void a_stream_that_is_no_call_is_refused_and_a_call_of_a_stream_service_too() throws IOException {
        edge.handleCalls("web-api", CallRequest::body);
        edge.bind("echo", Stream::close);

        assertThatThrownBy(() -> caller.dial("web-api")).hasMessageContaining("takes calls");
        assertThatThrownBy(() -> caller.call("echo", bytes("x"))).hasMessageContaining("takes bytes");
        assertThatThrownBy(() -> caller.call("nobody", bytes("x")))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE));
    }

    @Test
    void a_closed_node_calls_nobody() {
        caller.close();
        assertThatThrownBy(() -> caller.call(API, bytes("x"), CallOptions.DEFAULT.withTimeout(Duration.ofMillis(500))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void many_calls_at_once_need_no_threads_at_the_caller() throws Exception {
        AtomicInteger served = new AtomicInteger();
        edge.handleCalls("web-api", BindOptions.DEFAULT.withBacklog(2_000), request -> {
            served.incrementAndGet();
            return request.body();
        });
        List<CompletableFuture<byte[]>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            calls.add(caller.callAsync(API, bytes("call " + i), CallOptions.DEFAULT));
        }
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).get()).isEqualTo(bytes("call " + i));
        }
        assertThat(served).hasValue(400);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> callFails(
            ThrowingCallable call, ErrorCode code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CallException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** A handler that waits until it is interrupted. */
    private static final class Stuck implements CallHandler {
        final CountDownLatch begun = new CountDownLatch(1);
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        final CompletableFuture<Boolean> told = new CompletableFuture<>();

        @Override
        public byte[] handle(CallRequest request) throws Exception {
            request.onCancel(() -> told.complete(request.isCancelled()));
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(request.isCancelled());
                throw e;
            }
            return new byte[0];
        }

        void assertCancelled() throws Exception {
            assertThat(interrupted.get()).isTrue();
            assertThat(told.get()).isTrue();
        }
    }
}
