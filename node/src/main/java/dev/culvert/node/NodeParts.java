package dev.culvert.node;

import dev.culvert.api.BindOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.ErrorHook;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.link.AcceptorOptions;
import dev.culvert.link.DrainPlan;
import dev.culvert.link.LinkContext;
import dev.culvert.link.LocalNode;
import dev.culvert.link.proto.Role;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.mux.MemoryBudget;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.DirectAuthenticator;
import dev.culvert.policy.DirectTickets;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node is made of, and in which order it begins and ends. Any thread. */
final class NodeParts implements AutoCloseable {
    private static final String SOFTWARE = "culvert/0.1";
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(NodeParts.class);

    private final Member self;
    private final LocalNode local;
    private final LinkContext context;
    private final Runnable afterClose;
    private final NodeListener guarded;
    private final ExecutorService blocking;
    private final ExecutorService handlers;
    private final Upstream upstream;
    private final RouteTable table = new RouteTable();
    private final Loopback loopback;
    private final Switchboard board;
    private final OwnDials dials;
    private final Registrar registrar;
    private final Registrations registrations;
    private final Peers peers;
    private final LinkSide links;
    private final Bindings bindings;
    private final Entries entries;
    private final StatusView status;
    private final WatchService watched;
    private final RouteExchange exchange;
    private final ServiceWatches watches;
    private final LiveViews views;
    private final Sockets sockets;
    private final NodeLimits limits;
    private final AtomicBoolean direct = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile @Nullable ListenSide listen;
    private volatile @Nullable Attachments attachments;

    private final NodeConfig config;

    private NodeParts(NodeConfig config, NodeListener listener, Surroundings surroundings, Runnable afterClose) {
        this.config = config;
        this.limits = config.limits();
        String name = config.identity().name();
        this.afterClose = afterClose;
        this.guarded = new GuardedListener(listener);
        this.local = new LocalNode(name, role(config.listen()), SOFTWARE, surroundings.random());
        this.self = self(config.identity(), local);
        this.blocking = surroundings.workers().blocking(name);
        this.handlers = surroundings.workers().handlers(name);
        MemoryBudget budget = new MemoryBudget(limits.memoryBytes(), limits.sessions());
        this.context =
                new LinkContext(surroundings.loops(), budget, surroundings.clock(), surroundings.random(), blocking);
        EventLoop memoryLoop =
                surroundings.loops().group(new Endpoint.Memory(name)).next();
        this.loopback = new Loopback(memoryLoop, self, limits, config.mux(), budget);
        this.upstream = new Upstream();
        Router router = new Router(name, table, upstream::peers, surroundings.random());
        Dialer dialer = new Dialer(name, limits, router, upstream, loopback);
        EventLoop registryLoop = surroundings.loops().next();
        Pipes pipes = new Pipes(
                new Traffic(), registryLoop.ticker(), surroundings.clock(), Threads.hooks("culvert-hook-" + name));
        this.board = new Switchboard(router, dialer, new Services(name), pipes);
        this.sockets = new Sockets(surroundings.loops());
        this.dials = new OwnDials(dialer, upstream, sockets, pipes, self, surroundings.random());
        PublicPorts ports = new PublicPorts(registryLoop, dials, sockets, board.traffic(), publicHost(config));
        RouteBook book = new RouteBook(name, surroundings.clock().millis(), RouteLimits.DEFAULT);
        this.registrar = new Registrar(registryLoop, new Registry(table, limits, book.names()::objection), ports);
        this.exchange = new RouteExchange(book, table, registrar, surroundings.clock());
        this.registrations = new Registrations(
                registrar, board.services(), dialer, upstream, self, guarded, config.listen() != null);
        Gate gate = new Gate(name, config.validators(), handlers);
        SessionContext sessions = new SessionContext(limits, guarded, gate, self, dials, table);
        this.peers = new Peers(board, registrar, registrations, sessions);
        this.links = new LinkSide(upstream, guarded);
        this.bindings = new Bindings(board, registrations, sockets, blocking, limits, over, surroundings.random());
        this.entries = new Entries(dials, sockets, board.traffic());
        this.status = new StatusView(self, table, board, new StatusView.Sources(links, registrar, peers, entries));
        this.watched = new WatchService(board, table);
        this.watches = new ServiceWatches(dialer, upstream, self, registryLoop);
        this.views = liveViews();
    }

    private LiveViews liveViews() {
        return new LiveViews(
                new CatalogueFeed.Sources(
                        table, peers, watches, upstream, self, registrar.loop(), this::requireThreadThatMayWait),
                over);
    }

    private static Role role(@Nullable ListenConfig listen) {
        return listen == null || listen.direct().isTaken() ? Role.ROLE_LEAF : Role.ROLE_PEER;
    }

    private static String publicHost(NodeConfig config) {
        ListenConfig listen = config.listen();
        return listen == null ? "127.0.0.1" : listen.publicHost();
    }

    private static Member self(NodeIdentity identity, LocalNode local) {
        String namespace = identity.namespace().isEmpty() ? NodeIdentity.DEFAULT_NAMESPACE : identity.namespace();
        Scope everything = new Scope(namespace, NamePatterns.ALL, NamePatterns.ALL, new PortRange(1, 65_535), true);
        Principal principal = Principal.ofKey(identity.key().publicKey());
        return new Member(0, principal, everything, identity.name(), local.instance(), 1, Router.Here.HERE);
    }

    /** Makes the parts; nothing is opened yet. */
    static NodeParts wire(NodeConfig config, NodeListener listener, Surroundings surroundings, Runnable afterClose) {
        return new NodeParts(config, listener, surroundings, afterClose);
    }

    /**
     * Opens what the configuration says, services first, so that nobody is told UNKNOWN_SERVICE by a node that just began. Blocks until all
     * local sockets listen.
     */
    void start(NodeConfig config) throws IOException {
        Waits.on(begin());
        offer(config);
        Waits.on(listen(config));
        link(config);
    }

    /** First: the node can reach itself, and is in its own registry. */
    CompletionStage<Void> begin() {
        loopback.acceptor((from, stream) -> Inbound.on(board, from, stream));
        return loopback.start()
                .thenCompose(up -> registrar.admit(self, List.of(), Set.of()))
                .thenAccept(decision -> status.listening(
                        () -> listening().stream().map(Endpoint::toString).toList()));
    }

    /** Second: its services and local entries. Blocks, but for a node that has none. */
    void offer(NodeConfig config) throws IOException {
        reserve(StatusService.NAME, new StatusService(status));
        reserve(WatchService.NAME, watched);
        if (config.listen() != null) {
            reserve(ProbeService.NAME, new ProbeService(board, board.router().table()));
            reserve(RoutesService.NAME, new RoutesService(board, exchange));
        }
        if (local.role() == Role.ROLE_PEER) {
            upstream.observe(new RouteDials(board.dialer(), exchange, self));
        }
        for (ExposedService service : config.services()) {
            bindings.expose(service);
        }
        for (LocalEntry entry : config.entries()) {
            entries.open(entry);
        }
    }

    /** Third: its link ports, all of them or none. */
    CompletionStage<Void> listen(NodeConfig config) {
        ListenConfig ports = config.listen();
        if (ports == null) {
            return CompletableFuture.completedFuture(null);
        }
        AcceptorOptions options =
                AcceptorOptions.of(local, config.identity().key()).withMux(config.mux());
        ListenSide side = new ListenSide(options, authenticator(ports), peers, context);
        listen = side;
        return side.open(ports);
    }

    private Authenticator authenticator(ListenConfig ports) {
        if (!ports.direct().isTaken()) {
            return ports.authenticator();
        }
        Ticker ticker = registrar.loop().ticker();
        DirectTickets tickets = new DirectTickets(
                context.random(),
                () -> TimeUnit.NANOSECONDS.toMillis(ticker.nanoTime()),
                ports.direct().ticketMillis());
        byte[] key = config.identity().key().publicKey();
        board.direct(new DirectDesk(self.node(), tickets, ports.direct().addresses(), key));
        return new DirectAuthenticator(tickets, ports.authenticator());
    }

    /** Last: links come up in the background. */
    void link(NodeConfig config) {
        Attachments.Parts own = new Attachments.Parts(links, upstream, registrations, peers, context, listen);
        attachments = new Attachments(config, local, own, over);
        links.start(config, local, registrations, peers, context);
    }

    /** Dials take the relays that {@code finder} names; before the node is handed out. */
    void resolve(RelayFinder finder, long idleMillis) {
        DemandLinks.Parts parts = new DemandLinks.Parts(config, local, links, peers, context);
        DemandLinks onDemand = new DemandLinks(registrar.loop(), parts, idleMillis);
        dials.resolve(new Resolution(self.node(), finder, handlers, onDemand));
    }

    /** Dials to a node go over a direct link where it offers one that {@code policy} permits; before the node is handed out. */
    void dialDirectly(DirectPolicy policy, long shortestTicketMillis) {
        DirectWays.Parts own = new DirectWays.Parts(config, local, links, peers, context);
        dials.dialDirectly(new DirectWays(registrar.loop(), own, dials, policy, shortestTicketMillis));
    }

    /** Once started. */
    Attachments attachments() {
        return Objects.requireNonNull(attachments, "not started");
    }

    /** Offers a service of the protocol's own; it is not registered anywhere. [OPEN-13] */
    private void reserve(String name, LocalService service) {
        board.services().add(Offer.of(board.services().nextId(), name, BindOptions.DEFAULT), service);
    }

    SocketAddress enter(Target listen, Entrance entrance) throws IOException {
        if (entrance.connectsDirectly() && direct.compareAndSet(false, true)) {
            reserve(DirectService.NAME, new DirectService(board, sockets, blocking, limits));
        }
        return entries.open(listen, entrance);
    }

    Member self() {
        return self;
    }

    Upstream upstream() {
        return upstream;
    }

    Switchboard board() {
        return board;
    }

    OwnDials dials() {
        return dials;
    }

    RouteTable table() {
        return table;
    }

    Registrar registrar() {
        return registrar;
    }

    Peers peers() {
        return peers;
    }

    LinkContext context() {
        return context;
    }

    Bindings bindings() {
        return bindings;
    }

    Entries entries() {
        return entries;
    }

    ServiceWatches watches() {
        return watches;
    }

    LiveViews views() {
        return views;
    }

    StatusView status() {
        return status;
    }

    /** Who is told of handlers that fail. */
    ErrorHook errors() {
        return guarded;
    }

    /** Threads for code of the embedder. */
    ExecutorService handlers() {
        return handlers;
    }

    /** A service whose callers are served by {@code acceptor}, so many at once. */
    LocalService handler(StreamAcceptor acceptor, int atOnce) {
        return new HandlerService(board, handlers, acceptor, atOnce, errors());
    }

    List<Endpoint> listening() {
        ListenSide side = listen;
        return side == null ? List.of() : side.endpoints();
    }

    void revoke(Principal principal, ErrorCode code, String text) {
        ListenSide side = listen;
        if (side != null) {
            side.revoke(principal, code, text);
        }
    }

    /** Takes no new streams after a short while, and waits for those that are open. Returns how many were left at the end. */
    int drain(Duration grace) throws IOException {
        return Waits.on(leave(grace), grace) ? 0 : (int) board.traffic().openNow();
    }

    /** Takes leave of all sessions; completes when the last has ended. */
    CompletionStage<Void> leave(Duration grace) {
        entries.close();
        DrainPlan plan = DrainPlan.within(Math.max(1, grace.toMillis()));
        exchange.drain();
        registrar.loop().schedule(this::takeNoMore, plan.settleMillis(), TimeUnit.MILLISECONDS);
        views.close();
        watches.close();
        ListenSide side = listen;
        CompletionStage<Void> left = links.drain(plan);
        return side == null
                ? left
                : CompletableFuture.allOf(
                        left.toCompletableFuture(), side.drain(plan).toCompletableFuture());
    }

    boolean isClosed() {
        return closed.get();
    }

    boolean isThreadThatMayWait() {
        return !Loopless.isLoop(registrar.loop()) && !Loopless.isLoop(loopback.loop());
    }

    /** Completes when nothing of this node runs any more. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** @throws IllegalStateException on an event loop of this node, where a call that waits would wait for itself */
    void requireThreadThatMayWait() {
        Loopless.check(registrar.loop());
        Loopless.check(loopback.loop());
    }

    private void takeNoMore() {
        board.drain();
        watched.drain();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        entries.close();
        upstream.end();
        views.close();
        watches.close();
        dials.closeOwnLinks();
        ListenSide side = listen;
        CompletionStage<Void> ended = links.close();
        if (side != null) {
            ended = CompletableFuture.allOf(
                    ended.toCompletableFuture(), side.end().toCompletableFuture());
        }
        ended = ended.thenCompose(done -> registrar.close());
        if (isThreadThatMayWait()) {
            awaitQuietly(ended);
        }
        loopback.close();
        handlers.shutdown();
        blocking.shutdown();
        afterClose.run();
        over.complete(null);
    }

    /** Loops that end before what they have been told would complain; loops that hang must not hold the caller. */
    private static void awaitQuietly(CompletionStage<Void> ended) {
        try {
            if (!Waits.on(ended, CLOSE_PATIENCE)) {
                LOG.debug("Sessions are still ending; they end with their loops");
            }
        } catch (IOException e) {
            LOG.debug("Closing was interrupted", e);
        }
    }
}
