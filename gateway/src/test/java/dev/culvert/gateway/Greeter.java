package dev.culvert.gateway;

import dev.culvert.http2.TextMethod;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A gRPC service of texts without generated code, for grpc-java as it is. */
final class Greeter implements BindableService {
    private static final String SERVICE = "culvert.Greeter";

    static final MethodDescriptor<String, String> HELLO = method(MethodType.UNARY, "Hello");
    static final MethodDescriptor<String, String> FAIL = method(MethodType.UNARY, "Fail");
    static final MethodDescriptor<String, String> HANG = method(MethodType.UNARY, "Hang");
    static final MethodDescriptor<String, String> MEET = method(MethodType.UNARY, "Meet");
    static final MethodDescriptor<String, String> COUNT = method(MethodType.SERVER_STREAMING, "Count");
    static final MethodDescriptor<String, String> COLLECT = method(MethodType.CLIENT_STREAMING, "Collect");
    static final MethodDescriptor<String, String> CHAT = method(MethodType.BIDI_STREAMING, "Chat");

    private final String name;
    private final CountDownLatch meeting;
    /** How each hanging call began and ended. */
    final BlockingQueue<String> hanging = new LinkedBlockingQueue<>();

    /** @param meeting of so many calls, which are answered when all are there */
    Greeter(String name, CountDownLatch meeting) {
        this.name = name;
        this.meeting = meeting;
    }

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return TextMethod.of(type, SERVICE, name);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(HELLO, ServerCalls.asyncUnaryCall((who, answer) -> say(answer, "hello " + who)))
                .addMethod(
                        FAIL,
                        ServerCalls.asyncUnaryCall((who, answer) -> answer.onError(Status.DATA_LOSS
                                .withDescription("lost: \u00e9 %")
                                .asException())))
                .addMethod(HANG, ServerCalls.asyncUnaryCall(this::hang))
                .addMethod(MEET, ServerCalls.asyncUnaryCall(this::meet))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(Greeter::count))
                .addMethod(COLLECT, ServerCalls.asyncClientStreamingCall(Greeter::collect))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(Greeter::echo))
                .build();
    }

    private static void say(StreamObserver<String> answer, String text) {
        answer.onNext(text);
        answer.onCompleted();
    }

    private void hang(String who, StreamObserver<String> answer) {
        Context call = Context.current();
        hanging.add(call.getDeadline() == null ? "no deadline" : "deadline");
        call.addListener(ended -> hanging.add("cancelled"), Runnable::run);
    }

    private void meet(String who, StreamObserver<String> answer) {
        meeting.countDown();
        try {
            meeting.await();
        } catch (InterruptedException e) {
            answer.onError(e);
            return;
        }
        say(answer, name);
    }

    private static void count(String to, StreamObserver<String> answer) {
        for (int i = 1; i <= Integer.parseInt(to); i++) {
            answer.onNext("x".repeat(10_000) + i);
        }
        answer.onCompleted();
    }

    private static StreamObserver<String> collect(StreamObserver<String> answer) {
        List<String> all = new ArrayList<>();
        return observer(all::add, () -> say(answer, String.join("+", all)));
    }

    private static StreamObserver<String> echo(StreamObserver<String> answer) {
        return observer(answer::onNext, answer::onCompleted);
    }

    private static StreamObserver<String> observer(Consumer<String> onNext, Runnable onEnd) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                onNext.accept(message);
            }

            @Override
            public void onError(Throwable cancelled) {
                // the call is over, and nobody hears an answer
            }

            @Override
            public void onCompleted() {
                onEnd.run();
            }
        };
    }

    static String call(Channel channel, MethodDescriptor<String, String> method, String text) {
        return ClientCalls.blockingUnaryCall(
                channel, method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), text);
    }
}
