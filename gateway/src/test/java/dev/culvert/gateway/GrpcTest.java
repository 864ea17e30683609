package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** grpc-java as it is on both sides, and a gateway between. */
@Timeout(60)
final class GrpcTest {
    private static final int CALLS = 100;
    private final CountDownLatch meeting = new CountDownLatch(CALLS);
    private final Greeter greeter = new Greeter("edge7", meeting);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Site site;
    private int port;
    private Server server;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        port = site.gateway();
        server = serve(site.edge, greeter);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        site.close();
    }

    private Server serve(CulvertNode agent, Greeter service) throws IOException {
        Server started = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
        opened.add(started::shutdownNow);
        agent.expose(ExposedService.of("greeter", new Target.Tcp("127.0.0.1", started.getPort()))
                .withShared(true));
        return started;
    }

    private ManagedChannel client(int gatewayPort, String service) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gatewayPort)
                .usePlaintext()
                .overrideAuthority(service + ".localhost")
                .build();
        opened.add(channel::shutdownNow);
        return channel;
    }

    private static Status status(Throwable failure) {
        return ((StatusRuntimeException) failure).getStatus();
    }

    @Test
    void calls_of_every_kind_pass_with_their_messages_and_their_errors() throws Exception {
        ManagedChannel channel = client(port, "greeter");
        for (int i = 0; i < 3; i++) {
            assertThat(Greeter.call(channel, Greeter.HELLO, "you " + i)).isEqualTo("hello you " + i);
        }
        Iterator<String> counted =
                ClientCalls.blockingServerStreamingCall(channel, Greeter.COUNT, CallOptions.DEFAULT, "100");
        int count = 0;
        while (counted.hasNext()) {
            assertThat(counted.next()).endsWith("x" + ++count);
        }
        assertThat(count).isEqualTo(100);
        assertThatThrownBy(() -> Greeter.call(channel, Greeter.FAIL, "")).satisfies(failure -> {
            assertThat(status(failure).getCode()).isEqualTo(Status.Code.DATA_LOSS);
            assertThat(status(failure).getDescription()).isEqualTo("lost: \u00e9 %");
        });
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        StreamObserver<String> collect = ClientCalls.asyncClientStreamingCall(
                channel.newCall(Greeter.COLLECT, CallOptions.DEFAULT), new Hearing(heard));
        collect.onNext("a");
        collect.onNext("b");
        collect.onCompleted();
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("a+b");
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("end");
        StreamObserver<String> chat = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(Greeter.CHAT, CallOptions.DEFAULT), new Hearing(heard));
        for (String word : List.of("one", "two", "three")) {
            chat.onNext(word);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).as("one by one").isEqualTo(word);
        }
        chat.onCompleted();
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("end");
    }

    private record Hearing(BlockingQueue<String> heard) implements StreamObserver<String> {
        @Override
        public void onNext(String message) {
            heard.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(Status.fromThrowable(failure).getCode().name());
        }

        @Override
        public void onCompleted() {
            heard.add("end");
        }
    }

    @Test
    void a_hundred_calls_at_once_on_one_connection_are_spread_over_two_agents() throws Exception {
        try (CulvertNode second = site.agent("edge8")) {
            serve(second, new Greeter("edge8", meeting));
            ManagedChannel channel = client(port, "greeter");
            List<ListenableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(ClientCalls.futureUnaryCall(channel.newCall(Greeter.MEET, CallOptions.DEFAULT), "" + i));
            }
            List<String> answers = new ArrayList<>();
            for (ListenableFuture<String> call : calls) {
                answers.add(call.get(40, TimeUnit.SECONDS));
            }
            assertThat(answers).contains("edge7", "edge8").hasSize(CALLS);
        }
    }

    @Test
    void deadlines_and_cancellation_reach_the_service() throws Exception {
        ManagedChannel channel = client(port, "greeter");
        ListenableFuture<String> call = ClientCalls.futureUnaryCall(
                channel.newCall(Greeter.HANG, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS)), "");
        assertThat(greeter.hanging.poll(20, TimeUnit.SECONDS)).isEqualTo("deadline");
        call.cancel(true);
        assertThat(greeter.hanging.poll(20, TimeUnit.SECONDS)).isEqualTo("cancelled");
        CallOptions brief = CallOptions.DEFAULT.withDeadlineAfter(200, TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, Greeter.HANG, brief, ""))
                .satisfies(late -> assertThat(status(late).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(Greeter.call(channel, Greeter.HELLO, "you")).isEqualTo("hello you");
    }

    @Test
    void the_gateways_own_errors_are_statuses_of_grpc() throws Exception {
        Metadata.Key<String> error = Metadata.Key.of("culvert-error", Metadata.ASCII_STRING_MARSHALLER);
        assertThatThrownBy(() -> Greeter.call(client(port, "nobody"), Greeter.HELLO, ""))
                .satisfies(failure -> {
                    assertThat(status(failure).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
                    assertThat(status(failure).getDescription()).contains("nobody");
                    Metadata trailers = ((StatusRuntimeException) failure).getTrailers();
                    assertThat(trailers.get(error)).isEqualTo("UNKNOWN_SERVICE");
                });
        site.edge.expose(ExposedService.of("down", new Target.Tcp("127.0.0.1", 1)));
        assertFails(port, "down", Status.Code.UNAVAILABLE);
        site.answer("old", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertFails(port, "old", Status.Code.UNAVAILABLE);
        Access nobody = (address, credential) -> new Access.Refused(ErrorCode.UNAUTHENTICATED, "no", "show one");
        assertFails(site.gateway(GatewayOptions.DEFAULT, nobody), "greeter", Status.Code.UNAUTHENTICATED);
        Access never = (address, credential) -> new Access.Refused(ErrorCode.DENIED, "no", "ask");
        assertFails(site.gateway(GatewayOptions.DEFAULT, never), "greeter", Status.Code.PERMISSION_DENIED);
    }

    private void assertFails(int gatewayPort, String service, Status.Code code) {
        assertThatThrownBy(() -> Greeter.call(client(gatewayPort, service), Greeter.HELLO, ""))
                .satisfies(failure -> assertThat(status(failure).getCode())
                        .as(status(failure).toString())
                        .isEqualTo(code));
    }

    @Test
    void a_service_that_dies_ends_its_calls_at_once_and_the_next_one_reaches_another() throws Exception {
        ManagedChannel channel = client(port, "greeter");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        StreamObserver<String> chat = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(Greeter.CHAT, CallOptions.DEFAULT), new Hearing(heard));
        chat.onNext("one");
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("one");
        ListenableFuture<String> hanging =
                ClientCalls.futureUnaryCall(channel.newCall(Greeter.HANG, CallOptions.DEFAULT), "");
        assertThat(greeter.hanging.poll(20, TimeUnit.SECONDS)).isEqualTo("no deadline");
        try (CulvertNode second = site.agent("edge8")) {
            serve(second, new Greeter("edge8", meeting));
            server.shutdownNow();
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("UNAVAILABLE");
            assertThatThrownBy(() -> hanging.get(20, TimeUnit.SECONDS))
                    .cause()
                    .satisfies(failure -> assertThat(status(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
            site.edge.close();
            assertThat(Greeter.call(channel, Greeter.HELLO, "you")).isEqualTo("hello you");
        }
    }
}
