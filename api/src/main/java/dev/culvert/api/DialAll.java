package dev.culvert.api;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Dials each node that offers a service, at the same time. <em>Stateless.</em> */
final class DialAll {
    private DialAll() {}

    static Dialled of(Node node, String service, DialOptions options) throws IOException {
        Map<String, CompletableFuture<Stream>> dials = new HashMap<>();
        for (Address address : addresses(node, Address.requireServiceName(service), options.timeout())) {
            dials.put(address.node(), node.dialAsync(address, options).toCompletableFuture());
        }
        boolean done = false;
        try {
            Dialled dialled = await(node, dials);
            done = true;
            return dialled;
        } finally {
            if (!done) {
                dials.values().forEach(DialAll::giveUp);
            }
        }
    }

    private static Iterable<Address> addresses(Node node, String service, Duration timeout) throws IOException {
        boolean plain = service.chars().noneMatch(c -> c == '*' || c == ',' || c <= ' ' || c == 127);
        try (LiveMap<Address, ServiceRoute> known = node.services(plain ? service : "*")) {
            if (!known.awaitComplete(timeout)) {
                throw new DialException(
                        ErrorCode.DEADLINE,
                        node.name(),
                        "not every relay has said who offers '" + service + "' within " + timeout,
                        "try again",
                        true);
            }
            Map<Address, ServiceRoute> nodes = new HashMap<>(known.map());
            nodes.keySet().removeIf(address -> !address.service().equals(service));
            if (nodes.isEmpty()) {
                throw new DialException(
                        ErrorCode.UNKNOWN_SERVICE, node.name(), "nobody offers '" + service + "'", "bind it", true);
            }
            return nodes.keySet();
        }
    }

    private static Dialled await(Node node, Map<String, CompletableFuture<Stream>> dials) throws IOException {
        Map<String, Stream> streams = new HashMap<>();
        Map<String, DialException> failures = new HashMap<>();
        for (Map.Entry<String, CompletableFuture<Stream>> dial : dials.entrySet()) {
            try {
                streams.put(dial.getKey(), dial.getValue().get());
            } catch (ExecutionException e) {
                failures.put(dial.getKey(), failure(node, e.getCause() == null ? e : e.getCause()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while dialling");
            }
        }
        return new Dialled(streams, failures);
    }

    private static DialException failure(Node node, Throwable cause) {
        Throwable inner = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner instanceof DialException failure) {
            return failure;
        }
        DialException other =
                new DialException(ErrorCode.INTERNAL, node.name(), String.valueOf(inner), "try again", false);
        other.initCause(inner);
        return other;
    }

    /** A stream that came, or comes all the same, is nobody's. */
    private static void giveUp(CompletableFuture<Stream> dial) {
        dial.cancel(false);
        dial.thenAccept(stream -> stream.reset(ErrorCode.CANCELLED.number()));
    }
}
