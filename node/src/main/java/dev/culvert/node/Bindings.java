package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Offers services: on this node's own list first, then at the relays. Any thread. */
final class Bindings {
    private static final int PORT_TRIES = 4;

    /** Beyond what people write into programs. */
    private static final int FIRST_CHOSEN_PORT = 65_536;

    private final Switchboard board;
    private final Registrations registrations;
    private final Sockets sockets;
    private final Executor blocking;
    private final NodeLimits limits;
    private final CompletableFuture<Void> over;
    private final RandomGenerator random;

    /**
     * @param over completes when the node is closed and waiting is in vain
     * @param random chooses virtual ports
     */
    Bindings(
            Switchboard board,
            Registrations registrations,
            Sockets sockets,
            Executor blocking,
            NodeLimits limits,
            CompletableFuture<Void> over,
            RandomGenerator random) {
        this.board = board;
        this.registrations = registrations;
        this.sockets = sockets;
        this.blocking = blocking;
        this.limits = limits;
        this.over = over;
        this.random = random;
    }

    Binding bind(String service, BindOptions options, LocalService local) throws IOException {
        return new Bound(register(service, options, local), () -> {});
    }

    /** A port that was chosen here may be another node's: then another is tried. */
    private Registered register(String service, BindOptions options, LocalService local) throws IOException {
        LocalService checked = checked(options, local);
        for (int tries = options.anyPort() ? PORT_TRIES : 1; tries > 1; tries--) {
            try {
                return register(offer(service, options), checked);
            } catch (RegistrationException e) {
                if (e.code() != ErrorCode.NAME_TAKEN) {
                    throw e;
                }
            }
        }
        return register(offer(service, options), checked);
    }

    StreamListener listen(String service, BindOptions options, ListenerService local) throws IOException {
        Registered registered = register(service, options, local);
        return new Listening(new Bound(registered, local::close), local);
    }

    Binding expose(ExposedService service) throws IOException {
        Offer offer = Offer.of(board.services().nextId(), service);
        TargetService.Way way =
                new TargetService.Way(service.target(), TargetGreeting.of(service.target(), service.options()));
        return new Bound(register(offer, new TargetService(board, sockets, blocking, way, limits)), () -> {});
    }

    private LocalService checked(BindOptions options, LocalService local) {
        return new ModeCheck(board, options.mode(), local);
    }

    private Offer offer(String service, BindOptions options) {
        if (!service.isEmpty()) {
            Address.requireServiceName(service);
        }
        BindOptions chosen = options.anyPort() ? options.withPort(anyPort()) : options;
        Offer offer = Offer.of(board.services().nextId(), service, chosen);
        if (Call.isReserved(service)) {
            throw new IllegalArgumentException(
                    "service name '" + service + "' (expected: no $ in front, it is reserved)");
        }
        if (service.isEmpty() && chosen.port() == 0) {
            throw new IllegalArgumentException("service without name and port (expected: one of them at least)");
        }
        return offer;
    }

    private int anyPort() {
        return random.nextInt(FIRST_CHOSEN_PORT, Integer.MAX_VALUE);
    }

    private record Registered(Offer offer, int publicPort) {}

    private Registered register(Offer offer, LocalService local) throws IOException {
        board.services().add(offer, local);
        boolean done = false;
        try {
            Registered registered = new Registered(offer, Waits.on(registrations.add(offer), over));
            done = true;
            return registered;
        } finally {
            if (!done) {
                withdraw(offer);
            }
        }
    }

    /** The same without a thread that waits. To cancel the result withdraws the service. */
    CompletableFuture<Binding> bindAsync(String service, BindOptions options, LocalService local) {
        CompletableFuture<Binding> result = new CompletableFuture<>();
        try {
            Offer offer = offer(service, options);
            board.services().add(offer, checked(options, local));
            result.whenComplete((bound, failure) -> {
                if (failure != null) {
                    withdraw(offer);
                }
            });
            registrations.add(offer).whenComplete((port, failure) -> {
                if (failure == null) {
                    result.complete(new Bound(new Registered(offer, port), () -> {}));
                } else {
                    result.completeExceptionally(failure);
                }
            });
            over.thenRun(() -> result.completeExceptionally(new IOException("the node was closed meanwhile")));
        } catch (IllegalArgumentException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private void withdraw(Offer offer) {
        board.services().remove(offer);
        registrations.remove(offer);
    }

    /** A service that is offered until it is closed. */
    private final class Bound implements Binding {
        private final Offer offer;
        private final int firstPort;
        private final Runnable afterClose;
        private final AtomicBoolean closed = new AtomicBoolean();

        Bound(Registered registered, Runnable afterClose) {
            this.offer = registered.offer();
            this.firstPort = registered.publicPort();
            this.afterClose = afterClose;
        }

        @Override
        public String service() {
            return offer.service();
        }

        @Override
        public int port() {
            return offer.port();
        }

        @Override
        public int publicPort() {
            return firstPort != 0 ? firstPort : registrations.publicPort(offer);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                withdraw(offer);
                afterClose.run();
            }
        }
    }

    /** The same with callers that wait in a line. */
    private record Listening(Binding binding, ListenerService callers) implements StreamListener {
        @Override
        public String service() {
            return binding.service();
        }

        @Override
        public int port() {
            return binding.port();
        }

        @Override
        public int publicPort() {
            return binding.publicPort();
        }

        @Override
        public Stream accept() throws IOException {
            Stream stream = callers.accept(Duration.ZERO);
            if (stream == null) {
                throw new IllegalStateException("a wait without end has ended");
            }
            return stream;
        }

        @Override
        public @Nullable Stream accept(Duration timeout) throws IOException {
            return callers.accept(timeout.isZero() ? Duration.ofNanos(1) : timeout);
        }

        @Override
        public void close() {
            binding.close();
        }
    }
}
