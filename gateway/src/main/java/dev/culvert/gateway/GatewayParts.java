package dev.culvert.gateway;

import dev.culvert.node.LocalConnection;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of a gateway share. Any thread. */
final class GatewayParts {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayParts.class);
    private static final int WAITING_PASSWORDS = 64;

    /** In metrics; all others are one. */
    private static final int NAMED_SERVICES = 200;

    private final String node;
    private final GatewayOptions options;
    private final Access access;
    private final AccessLog log;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Routing routing;
    private final HeaderRules headers;
    private final InFlight addresses;
    private final InFlight callers;
    private final InFlight services;
    private final Doorkeeper doorkeeper;
    private final Map<EventLoop, ServicePool> pools = new ConcurrentHashMap<>();
    private final Set<Guest> clients = ConcurrentHashMap.newKeySet();
    private final GatewayMetrics metrics = new GatewayMetrics(NAMED_SERVICES, clients::size);
    private volatile boolean draining;
    private volatile @Nullable Backstream backstream;

    GatewayParts(
            String node,
            GatewayOptions options,
            Access access,
            AccessLog log,
            InstantSource clock,
            RandomGenerator random) {
        this.node = node;
        this.options = options;
        this.access = access;
        this.log = log;
        this.clock = clock;
        this.random = random;
        this.routing = new Routing(options.rules(), this::isOfBackstream);
        this.headers = new HeaderRules(node, options.tellsCertificates());
        this.addresses = new InFlight(options.limits().connectionsPerAddress());
        this.callers = new InFlight(options.limits().requestsPerCaller());
        this.services = new InFlight(options.limits().requestsPerService());
        this.doorkeeper = new Doorkeeper(options.trusted(), passwords(random));
    }

    private static Passwords passwords(RandomGenerator random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_PASSWORDS),
                new DefaultThreadFactory("culvert-passwords", true, Thread.MIN_PRIORITY));
        thread.allowCoreThreadTimeOut(true);
        return new Passwords(secret, thread, Ticker.systemTicker()::nanoTime);
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    /** Holds callers to the terms of services. */
    Doorkeeper doorkeeper() {
        return doorkeeper;
    }

    String node() {
        return node;
    }

    GatewayOptions options() {
        return options;
    }

    Access access() {
        return access;
    }

    AccessLog log() {
        return log;
    }

    Routing routing() {
        return routing;
    }

    HeaderRules headers() {
        return headers;
    }

    /** Counts a connection as long as it is open; false: its address has too many, and it is closed. A trusted proxy speaks for many. */
    boolean enter(LocalConnection connection) {
        InetAddress address = ClientAddress.parse(Clients.address(connection.client()));
        if (address == null || options.trusted().contains(address)) {
            return true;
        }
        String household = ClientAddress.household(address);
        if (!addresses.begin(household)) {
            LOG.debug("{} has {} connections already", address, options.limits().connectionsPerAddress());
            connection.channel().close();
            return false;
        }
        connection.channel().closeFuture().addListener(closed -> addresses.end(household));
        return true;
    }

    /** @throws Rejected too much is under way for the caller, or for the service */
    void beginCall(String caller, String service) throws Rejected {
        if (!callers.begin(caller)) {
            throw new Rejected(HttpFault.of(
                            HttpResponseStatus.TOO_MANY_REQUESTS,
                            options.limits().requestsPerCaller() + " requests of this caller are under way",
                            "wait for some of them")
                    .withRetry(1));
        }
        if (!services.begin(service)) {
            callers.end(caller);
            throw new Rejected(HttpFault.of(
                            HttpResponseStatus.SERVICE_UNAVAILABLE,
                            options.limits().requestsPerService() + " requests to this service are under way",
                            "try again")
                    .withRetry(1));
        }
    }

    void endCall(String caller, String service) {
        callers.end(caller);
        services.end(service);
    }

    long nowMillis() {
        return clock.millis();
    }

    RandomGenerator random() {
        return random;
    }

    /** Sixteen hexadecimal digits. */
    String newRequestId() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }

    /** Of the connections whose loop this is; to be used there. */
    ServicePool pool(EventLoop loop) {
        ServicePool present = pools.get(loop);
        return present != null
                ? present
                : pools.computeIfAbsent(
                        loop,
                        key -> new ServicePool(
                                key,
                                options.limits().keptPerService(),
                                options.times().reuse().toMillis()));
    }

    void take(Backstream newBackstream) {
        backstream = newBackstream;
    }

    private boolean isOfBackstream(String id) {
        Backstream taken = backstream;
        return taken != null && taken.knows(id);
    }

    /** A client of backstream that asks to be taken; null: the request is none of that. */
    Backstream.@Nullable Newcomer newcomer(HttpRequest request) throws Rejected {
        Backstream taken = backstream;
        return taken != null && taken.isMeant(request) ? taken.admit(request) : null;
    }

    void add(Guest client) {
        clients.add(client);
    }

    void remove(Guest client) {
        clients.remove(client);
    }

    boolean isDraining() {
        return draining;
    }

    void drain() {
        draining = true;
        clients.forEach(Guest::drain);
        pools.forEach((loop, pool) -> loop.execute(pool::close));
    }
}
