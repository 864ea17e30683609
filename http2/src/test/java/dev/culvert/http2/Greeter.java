package dev.culvert.http2;

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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A gRPC service that greets, echoes a conversation, fails, and never answers when asked to hang. <em>Stateless.</em> */
public final class Greeter {
    private static final String SERVICE = "culvert.Greeter";

    private static final MethodDescriptor<String, String> HELLO = method(MethodType.UNARY, "Hello");
    private static final MethodDescriptor<String, String> HANG = method(MethodType.UNARY, "Hang");
    private static final MethodDescriptor<String, String> FAIL = method(MethodType.UNARY, "Fail");
    private static final MethodDescriptor<String, String> WATCH = method(MethodType.SERVER_STREAMING, "Watch");
    private static final MethodDescriptor<String, String> CHAT = method(MethodType.BIDI_STREAMING, "Chat");

    private Greeter() {}

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return TextMethod.of(type, SERVICE, name);
    }

    /** The service of a server that calls itself {@code name}. */
    public static ServerServiceDefinition service(String name) {
        return service(name, who -> {});
    }

    /** @param onHang is told who makes a call that never ends */
    public static ServerServiceDefinition service(String name, Consumer<String> onHang) {
        return ServerServiceDefinition.builder(SERVICE)
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
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(Greeter::echo))
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

    public static String hello(Channel channel, String who) {
        CallOptions options = CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(50, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, HELLO, options, who);
    }

    /** Fails at once if there is no connection. */
    public static String helloNow(Channel channel, String who) {
        return ClientCalls.blockingUnaryCall(
                channel, HELLO, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), who);
    }

    public static ListenableFuture<String> hang(Channel channel) {
        return hang(channel, "anyone", CallOptions.DEFAULT.withWaitForReady());
    }

    public static ListenableFuture<String> hang(Channel channel, String who, CallOptions options) {
        return ClientCalls.futureUnaryCall(channel.newCall(HANG, options), who);
    }

    public static ListenableFuture<String> fail(Channel channel, String who) {
        return ClientCalls.futureUnaryCall(channel.newCall(FAIL, CallOptions.DEFAULT), who);
    }

    /** One message, and then none. */
    public static void watch(Channel channel, String who, StreamObserver<String> observer) {
        ClientCalls.asyncServerStreamingCall(channel.newCall(WATCH, CallOptions.DEFAULT), who, observer);
    }

    public static StreamObserver<String> chat(Channel channel, StreamObserver<String> answers) {
        return ClientCalls.asyncBidiStreamingCall(
                channel.newCall(CHAT, CallOptions.DEFAULT.withWaitForReady()), answers);
    }
}
