package dev.culvert.http2;

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
import java.util.concurrent.TimeUnit;

/** A gRPC service of texts, without generated code: it greets, echoes a conversation, and never answers when asked to hang. */
final class Grpc {
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
    private static final MethodDescriptor<String, String> CHAT = method(MethodType.BIDI_STREAMING, "Chat");

    private Grpc() {}

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("culvert.Greeter", name))
                .setRequestMarshaller(TEXT)
                .setResponseMarshaller(TEXT)
                .build();
    }

    /** The service of a server that calls itself {@code name}. */
    static ServerServiceDefinition service(String name) {
        return ServerServiceDefinition.builder("culvert.Greeter")
                .addMethod(HELLO, ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) -> {
                    answer.onNext("hello " + who + " from " + name);
                    answer.onCompleted();
                }))
                .addMethod(HANG, ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) -> {}))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(Grpc::echo))
                .build();
    }

    private static StreamObserver<String> echo(StreamObserver<String> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                answers.onNext(message);
            }

            @Override
            public void onError(Throwable failure) {
                answers.onError(Status.CANCELLED.withCause(failure).asException());
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    static String hello(Channel channel, String who) {
        CallOptions options = CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(20, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, HELLO, options, who);
    }

    /** Fails at once if there is no connection. */
    static String helloNow(Channel channel, String who) {
        return ClientCalls.blockingUnaryCall(
                channel, HELLO, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), who);
    }

    static com.google.common.util.concurrent.ListenableFuture<String> hang(Channel channel) {
        return ClientCalls.futureUnaryCall(channel.newCall(HANG, CallOptions.DEFAULT.withWaitForReady()), "anyone");
    }

    static StreamObserver<String> chat(Channel channel, StreamObserver<String> answers) {
        return ClientCalls.asyncBidiStreamingCall(
                channel.newCall(CHAT, CallOptions.DEFAULT.withWaitForReady()), answers);
    }
}
