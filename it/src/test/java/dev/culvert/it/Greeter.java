package dev.culvert.it;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
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

    private static final MethodDescriptor<String, String> HELLO = method("Hello");
    private static final MethodDescriptor<String, String> HANG = method("Hang");

    private Greeter() {}

    private static MethodDescriptor<String, String> method(String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("culvert.Greeter", name))
                .setRequestMarshaller(TEXT)
                .setResponseMarshaller(TEXT)
                .build();
    }

    static ServerServiceDefinition service(String name) {
        return ServerServiceDefinition.builder("culvert.Greeter")
                .addMethod(HELLO, ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) -> {
                    answer.onNext("hello " + who + " from " + name);
                    answer.onCompleted();
                }))
                .addMethod(HANG, ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) -> {}))
                .build();
    }

    static String hello(Channel channel, String who) {
        CallOptions options = CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(30, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, HELLO, options, who);
    }

    static Future<String> hang(Channel channel) {
        return ClientCalls.futureUnaryCall(channel.newCall(HANG, CallOptions.DEFAULT.withWaitForReady()), "anyone");
    }
}
