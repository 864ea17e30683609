package dev.culvert.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.BindOptions;
import dev.culvert.api.Node;
import dev.culvert.http2.TextMethod;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** grpc-java as it is, with our channels: both nodes are behind the relay, and each is server and client. */
@Timeout(60)
final class GrpcTest {
    private static final MethodDescriptor<String, String> UPPER = method(MethodType.UNARY, "Upper");
    private static final MethodDescriptor<String, String> COUNT = method(MethodType.SERVER_STREAMING, "Count");
    private static final MethodDescriptor<String, String> CHAT = method(MethodType.BIDI_STREAMING, "Chat");

    private Roles roles;
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        roles = new Roles();
        serve(roles.edge);
        serve(roles.laptop);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
        for (Server server : servers) {
            server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
        roles.close();
    }

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return TextMethod.of(type, "test.Words", name);
    }

    private void serve(Node node) throws IOException {
        servers.add(NettyServerBuilder.forAddress(CulvertAddress.of("words"))
                .channelFactory(CulvertServerChannel.factory(node))
                .withOption(CulvertOption.BIND, BindOptions.DEFAULT.withShared(true))
                .bossEventLoopGroup(roles.loops)
                .workerEventLoopGroup(roles.loops)
                .addService(ServerServiceDefinition.builder("test.Words")
                        .addMethod(UPPER, ServerCalls.asyncUnaryCall(GrpcTest::upper))
                        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcTest::count))
                        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(GrpcTest::chat))
                        .build())
                .build()
                .start());
    }

    private ManagedChannel channel(Node from, String name) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(CulvertAddress.of(name))
                .channelFactory(CulvertChannel.factory(from))
                .eventLoopGroup(roles.loops)
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    private static void upper(String word, StreamObserver<String> answer) {
        answer.onNext(word.toUpperCase(Locale.ROOT));
        answer.onCompleted();
    }

    private static void count(String to, StreamObserver<String> answer) {
        for (int i = 0; i < Integer.parseInt(to); i++) {
            answer.onNext(Integer.toString(i));
        }
        answer.onCompleted();
    }

    private static StreamObserver<String> chat(StreamObserver<String> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String word) {
                answers.onNext("re: " + word);
            }

            @Override
            public void onError(Throwable failure) {
                answers.onError(failure);
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    @Test
    void unary_calls_go_both_ways() {
        String big = "x".repeat(1 << 20);
        assertThat(call(channel(roles.laptop, "edge7.words"), "hello")).isEqualTo("HELLO");
        assertThat(call(channel(roles.edge, "laptop.words"), big)).hasSize(big.length());
    }

    private static String call(ManagedChannel channel, String word) {
        return ClientCalls.blockingUnaryCall(channel, UPPER, CallOptions.DEFAULT, word);
    }

    @Test
    void a_server_streams_more_than_the_windows_hold() {
        Iterator<String> numbers = ClientCalls.blockingServerStreamingCall(
                channel(roles.laptop, "edge7.words"), COUNT, CallOptions.DEFAULT, "20000");
        int next = 0;
        while (numbers.hasNext()) {
            assertThat(numbers.next()).isEqualTo(Integer.toString(next++));
        }
        assertThat(next).isEqualTo(20_000);
    }

    @Test
    void both_sides_talk_at_once() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(
                channel(roles.edge, "laptop.words").newCall(CHAT, CallOptions.DEFAULT), new Heard(heard));
        for (String word : List.of("one", "two", "three")) {
            talk.onNext(word);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("re: " + word);
        }
        talk.onCompleted();
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("completed");
    }

    @Test
    void a_name_that_nobody_offers_is_unavailable() {
        assertThatThrownBy(() -> call(channel(roles.laptop, "edge7.nothing"), "hello"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
                .hasStackTraceContaining("UNKNOWN_SERVICE");
    }

    @Test
    void a_channel_works_again_after_its_link_was_cut() {
        ManagedChannel channel = channel(roles.laptop, "edge7.words");
        assertThat(call(channel, "before")).isEqualTo("BEFORE");
        roles.network.link("laptop", "relay1").interrupt();
        await().until(() -> channel.getState(false) != ConnectivityState.READY);

        String after = ClientCalls.blockingUnaryCall(
                channel,
                UPPER,
                CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(30, TimeUnit.SECONDS),
                "after");
        assertThat(after).isEqualTo("AFTER");
    }

    private record Heard(BlockingQueue<String> words) implements StreamObserver<String> {
        @Override
        public void onNext(String word) {
            words.add(word);
        }

        @Override
        public void onError(Throwable failure) {
            words.add("failed: " + failure);
        }

        @Override
        public void onCompleted() {
            words.add("completed");
        }
    }
}
