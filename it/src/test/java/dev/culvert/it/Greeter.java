package dev.culvert.it;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The gRPC service of the programs in {@code src/test/prog}: texts, without generated code. */
final class Greeter {
    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor<String, String> HELLO = method(MethodType.UNARY, "Hello");
    private static final MethodDescriptor<String, String> HANG = method(MethodType.UNARY, "Hang");
    private static final MethodDescriptor<String, String> FAIL = method(MethodType.UNARY, "Fail");
    private static final MethodDescriptor<String, String> WATCH = method(MethodType.SERVER_STREAMING, "Watch");

    private Greeter() {}

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("culvert.Greeter", name))
                .setRequestMarshaller(TEXT)
                .setResponseMarshaller(TEXT)
                .build();
    }

    static ServerServiceDefinition service(String name) {
        return service(name, who -> {});
    }

    /** @param onHang is told who makes a call that never ends */
    static ServerServiceDefinition service(String name, Consumer<String> onHang) {
        return ServerServiceDefinition.builder("culvert.Greeter")
                .addMethod(HELLO, ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) -> {
                    answer.onNext("hello " + who + " from " + name);
                    answer.onCompleted();
                }))
                .addMethod(
                        HANG,
                        ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) -> onHang.accept(who)))
                .addMethod(
                        FAIL,
                        ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) ->
                                answer.onError(Status.DATA_LOSS.asException())))
                .addMethod(WATCH, ServerCalls.asyncServerStreamingCall((String who, StreamObserver<String> answer) -> {
                    answer.onNext("watching " + who);
                    onHang.accept(who);
                }))
                .build();
    }

    static String hello(Channel channel, String who) {
        CallOptions options = CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(50, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, HELLO, options, who);
    }

    static Future<String> hang(Channel channel) {
        return hang(channel, "anyone", CallOptions.DEFAULT.withWaitForReady());
    }

    static ListenableFuture<String> hang(Channel channel, String who, CallOptions options) {
        return ClientCalls.futureUnaryCall(channel.newCall(HANG, options), who);
    }

    static ListenableFuture<String> fail(Channel channel, String who) {
        return ClientCalls.futureUnaryCall(channel.newCall(FAIL, CallOptions.DEFAULT), who);
    }

    /** One message, and then none. */
    static void watch(Channel channel, String who, StreamObserver<String> observer) {
        ClientCalls.asyncServerStreamingCall(channel.newCall(WATCH, CallOptions.DEFAULT), who, observer);
    }
}
