package dev.culvert.examples;

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
import java.util.concurrent.TimeUnit;

/** The smallest gRPC service, by hand so that the examples need no generated code: a name in, a greeting out. */
final class Greetings {
    private static final MethodDescriptor<String, String> GREET = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName("examples.Greetings/Greet")
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private Greetings() {}

    /** What a server that calls itself {@code name} offers. */
    static ServerServiceDefinition by(String name) {
        return ServerServiceDefinition.builder("examples.Greetings")
                .addMethod(GREET, ServerCalls.asyncUnaryCall((String who, StreamObserver<String> answer) -> {
                    answer.onNext("Hello " + who + ", here is " + name);
                    answer.onCompleted();
                }))
                .build();
    }

    /** Waits for a connection, if there is none, and for the answer: 30 s in all. */
    static String ask(Channel channel, String as) {
        CallOptions patient = CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(30, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, GREET, patient, as);
    }

    /** Fails at once if nobody can be reached. */
    static String askNow(Channel channel, String as) {
        return ClientCalls.blockingUnaryCall(channel, GREET, CallOptions.DEFAULT, as);
    }

    /** Texts as messages. */
    private static final class Text implements MethodDescriptor.Marshaller<String> {
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
    }
}
