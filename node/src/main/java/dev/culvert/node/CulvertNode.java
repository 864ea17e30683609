package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.AttachOptions;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.CallHandler;
import dev.culvert.api.CallOptions;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.InviteOptions;
import dev.culvert.api.LiveMap;
import dev.culvert.api.Node;
import dev.culvert.api.NodeBuilder;
import dev.culvert.api.NodeOptions;
import dev.culvert.api.NodeRoute;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.ServiceRoute;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.api.StreamListener;
import dev.culvert.api.StreamMode;
import dev.culvert.api.net.CulvertServerSocket;
import dev.culvert.api.net.CulvertServerSocketFactory;
import dev.culvert.api.net.CulvertSocket;
import dev.culvert.api.net.CulvertSocketFactory;
import dev.culvert.link.transport.AttachedStream;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.Principal;
import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A node with all that its configuration says: relay, agent, or both. Any thread. What it is made of is wired in {@link NodeParts}; this is
 * the face.
 */
public final class CulvertNode implements Node {
    private final NodeParts parts;
    private final Duration closeTimeout;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile @Nullable EmbeddedRelay inviter;
    private volatile @Nullable NodeOptions startedWith;

    private CulvertNode(NodeParts parts, Duration closeTimeout) {
        this.parts = parts;
        this.closeTimeout = closeTimeout;
    }

    /**
     * Starts a node on loops of its own. Returns when all local sockets listen; links come up in the background.
     *
     * @throws IOException if a port is in use or may not be opened; one line with the address and the next step
     */
    public static CulvertNode start(NodeConfig config, NodeListener listener) throws IOException {
        Loops loops = Loops.start("culvert-" + config.identity().name(), 0);
        try {
            return start(config, listener, Surroundings.of(loops), loops::close);
        } catch (IOException | RuntimeException e) {
            loops.close();
            throw e;
        }
    }

    /** As {@link #start(NodeConfig, NodeListener)}, on loops that several nodes share and the caller closes. */
    public static CulvertNode start(NodeConfig config, NodeListener listener, Loops loops) throws IOException {
        return start(config, listener, Surroundings.of(loops));
    }

    /** As {@link #start(NodeConfig, NodeListener)}, with loops, clock and random source of the caller's. */
    public static CulvertNode start(NodeConfig config, NodeListener listener, Surroundings surroundings)
            throws IOException {
        return start(config, listener, surroundings, () -> {});
    }

    /** @param afterClose ends what was made for this node alone; idempotent */
    static CulvertNode start(NodeConfig config, NodeListener listener, Surroundings surroundings, Runnable afterClose)
            throws IOException {
        NodeParts parts = NodeParts.wire(config, listener, surroundings, afterClose);
        try {
            parts.start(config);
            return new CulvertNode(
                    parts, Duration.ofMillis(config.limits().times().closeMillis()));
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return parts.self().node();
    }

    /** Who this node is for its relays. */
    public Principal principal() {
        return parts.self().principal();
    }

    @Override
    public void awaitLink(Duration timeout) throws IOException {
        parts.requireThreadThatMayWait();
        parts.upstream().await(timeout, name());
    }

    @Override
    public Stream dial(Address address, DialOptions options) throws IOException {
        parts.requireThreadThatMayWait();
        CompletableFuture<Stream> dialled = dialAsync(address, options).toCompletableFuture();
        try {
            return Waits.on(dialled, parts.over());
        } catch (InterruptedIOException e) {
            if (!dialled.cancel(false)) {
                dialled.thenAccept(opened -> opened.reset(ErrorCode.CANCELLED.number()));
            }
            throw e;
        }
    }

    @Override
    public CompletionStage<Stream> dialAsync(Address address, DialOptions options) {
        return parts.dials().stream(address, options);
    }

    /**
     * Dials without a thread that waits: {@code handler} is told all that comes behind the service's answer, on the stream's event
     * loop. Fails with {@link dev.culvert.api.DialException}. May be called on an event loop.
     *
     * @param first the first bytes, at most 32 KiB, which leave with the open; consumed
     */
    public CompletionStage<MuxStream> open(Address address, DialOptions options, ByteBuf first, StreamHandler handler) {
        return parts.dials().open(address, options, first, handler);
    }

    /**
     * Dials without a thread that waits, for an owner on any event executor. Fails with {@link dev.culvert.api.DialException}; to cancel
     * the result cancels the dial. What hangs on it runs on an event loop of this node's. May be called on an event loop.
     *
     * @param options whether it is early does not matter: the stream comes with the service's answer
     */
    public CompletableFuture<LoopStream> open(Address address, DialOptions options) {
        return parts.dials().open(address, options);
    }

    /**
     * Offers a service without a thread that waits: {@code acceptor} is told of callers on an event loop of this node's, and accepts them
     * there or later. Fails as {@link #bind(String, BindOptions)} does; to cancel the result withdraws the service. May be called on an event loop.
     */
    public CompletableFuture<Binding> bindAsync(String service, BindOptions options, Consumer<Arrival> acceptor) {
        return parts.isClosed()
                ? CompletableFuture.failedFuture(closed())
                : parts.bindings().bindAsync(service, options, new ArrivalService(parts.board(), acceptor));
    }

    @Override
    public StreamListener bind(String service, BindOptions options) throws IOException {
        requireOpen();
        ListenerService waiting = new ListenerService(parts.board(), options.backlog());
        return parts.bindings().listen(service, options, waiting);
    }

    @Override
    public Binding bind(String service, BindOptions options, StreamAcceptor acceptor) throws IOException {
        requireOpen();
        return parts.bindings().bind(service, options, parts.handler(acceptor, options.handlers()));
    }

    @Override
    public byte[] call(Address address, byte[] request, CallOptions options) throws IOException {
        parts.requireThreadThatMayWait();
        return Waits.orCancel(callAsync(address, request, options));
    }

    @Override
    public CompletableFuture<byte[]> callAsync(Address address, byte[] request, CallOptions options) {
        return parts.dials().call(address, request, options, StreamMode.VALUE_CALL);
    }

    @Override
    public void notify(Address address, byte[] message, CallOptions options) throws IOException {
        parts.requireThreadThatMayWait();
        Waits.orCancel(parts.dials().call(address, message, options, StreamMode.VALUE_NOTIFY));
    }

    @Override
    public CompletableFuture<Void> notifyAsync(Address address, byte[] message, CallOptions options) {
        CompletableFuture<byte[]> received = parts.dials().call(address, message, options, StreamMode.VALUE_NOTIFY);
        CompletableFuture<Void> done = received.thenAccept(nothing -> {});
        done.whenComplete((nothing, failure) -> received.cancel(false));
        return done;
    }

    @Override
    public Binding handleCalls(String service, BindOptions options, CallHandler handler) throws IOException {
        requireOpen();
        CallService calls =
                new CallService(parts.board(), parts.handlers(), handler, parts.errors(), options.backlog());
        return parts.bindings().bind(service, options.withMode(StreamMode.CALLS), calls);
    }

    @Override
    public Socket socket(String address) throws IOException {
        return CulvertSocket.dial(this, Address.parse(address), DialOptions.DEFAULT);
    }

    @Override
    public ServerSocket serverSocket(String service) throws IOException {
        return CulvertServerSocket.offer(this, service);
    }

    @Override
    public SocketFactory socketFactory(DialOptions options) {
        return new CulvertSocketFactory(this, options);
    }

    @Override
    public ServerSocketFactory serverSocketFactory() {
        return new CulvertServerSocketFactory(this);
    }

    /** Offers a service whose callers are served on the event loop of each stream. As {@link #bind(String, BindOptions)}. */
    public Binding serve(String service, BindOptions options, Function<MuxStream, StreamHandler> acceptor)
            throws IOException {
        requireOpen();
        return parts.bindings().bind(service, options, new CallbackService(parts.board(), acceptor));
    }

    /** Offers one more service that leads to a local target; as {@link #bind(String, BindOptions)}. */
    public Binding expose(ExposedService service) throws IOException {
        requireOpen();
        return parts.bindings().expose(service);
    }

    private void requireOpen() throws RegistrationException {
        parts.requireThreadThatMayWait();
        if (parts.isClosed()) {
            throw closed();
        }
    }

    private RegistrationException closed() {
        return new RegistrationException(
                ErrorCode.DRAINING, name(), "this node is closed (expected: one that runs)", "start another node");
    }

    /** Opens one more local socket that dials a name. Returns where it listens. */
    public SocketAddress enter(LocalEntry entry) throws IOException {
        return parts.entries().open(entry);
    }

    /**
     * Opens one more local socket, whose connections go through {@code entrance}. Returns where it listens.
     *
     * @throws IOException if it may not be opened; one line with the address and the next step
     */
    public SocketAddress enter(Target listen, Entrance entrance) throws IOException {
        return parts.enter(listen, entrance);
    }

    /**
     * Watches which services may be dialled, at each relay that this node is linked to, until the result is closed.
     *
     * @param patterns of services' names, apart by commas, in which {@code *} stands for anything
     */
    public AutoCloseable watch(String patterns, ServiceWatcher watcher) {
        return parts.watches().add(NamePatterns.parse(patterns).toString(), watcher);
    }

    @Override
    public LiveMap<Address, ServiceRoute> services(String patterns) {
        return parts.views().services(patterns);
    }

    @Override
    public LiveMap<String, NodeRoute> routes(String patterns) {
        return parts.views().routes(patterns);
    }

    /** What is registered here under a name; without a namespace, in this node's own. Does not block. */
    public Visibility visibility(Address address) {
        return publication(address).visibility();
    }

    /** As {@link #visibility}, with the terms of what is public. Does not block. */
    public Publication publication(Address address) {
        String namespace = address.namespace().isEmpty() ? parts.self().namespace() : address.namespace();
        return parts.table().publication(new NameKey(namespace, address.node(), address.service(), address.port()));
    }

    /** Where links are taken, with the ports that the system chose. */
    public List<Endpoint> listening() {
        return parts.listening();
    }

    /** Where local entries listen, in the order of the configuration. */
    public List<SocketAddress> entries() {
        return parts.entries().listening();
    }

    @Override
    public Session attach(ByteChannel bytes, AttachOptions options) throws IOException {
        if (bytes instanceof SelectableChannel channel && !channel.isBlocking()) {
            throw new IllegalArgumentException(bytes + " (expected: a channel in blocking mode)");
        }
        requireOpen(bytes);
        return parts.attachments().attach(options, (loops, name) -> AttachedStream.attach(loops, name, bytes));
    }

    @Override
    public Session attach(InputStream in, OutputStream out, AttachOptions options) throws IOException {
        requireOpen(in, out);
        return parts.attachments().attach(options, (loops, name) -> AttachedStream.attach(loops, name, in, out));
    }

    private void requireOpen(Closeable... otherwiseClosed) throws IOException {
        parts.requireThreadThatMayWait();
        if (parts.isClosed()) {
            for (Closeable one : otherwiseClosed) {
                one.close();
            }
            throw Attachments.closed(name());
        }
    }

    @Override
    public List<Session> sessions() {
        return parts.peers().sessions();
    }

    /** Dials take direct links that {@code policy} permits; before the node is handed out. */
    void dialDirectly(DirectPolicy policy, long shortestTicketMillis) {
        parts.dialDirectly(policy, shortestTicketMillis);
    }

    /** Dials take the relays that {@code finder} names; before the node is handed out. */
    void resolve(RelayFinder finder, long idleMillis) {
        parts.resolve(finder, idleMillis);
    }

    /** What it was started with; before the node is handed out. */
    void startedWith(NodeOptions options) {
        startedWith = options;
    }

    @Override
    public NodeBuilder sibling(String name) {
        NodeOptions own = startedWith;
        if (own == null) {
            throw new IllegalStateException("this node was not started with NodeOptions (expected: Node.builder())");
        }
        return own.sibling(name);
    }

    /** Who makes this node's join strings; before the node is handed out. */
    void inviter(EmbeddedRelay newInviter) {
        inviter = newInviter;
    }

    @Override
    public String invite(InviteOptions options) throws IOException {
        EmbeddedRelay relay = inviter;
        if (relay == null) {
            throw new IllegalStateException("this node keeps no invitations (expected: one that was started with"
                    + " Node.builder().listen(...))");
        }
        return relay.invite(options, listening());
    }

    /** What goes on now. */
    public NodeStatus status() {
        parts.requireThreadThatMayWait();
        try {
            return Waits.on(parts.status().look(), parts.over());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same as one JSON object. */
    public String statusJson() {
        return StatusView.json(status());
    }

    /** At a relay: a principal has lost its access; its sessions end within one second. [CTRL-5] */
    public void revoke(Principal principal, ErrorCode code, String text) {
        parts.revoke(principal, code, text);
    }

    @Override
    public int drain(Duration grace) {
        parts.requireThreadThatMayWait();
        closing.set(true);
        try {
            return parts.isClosed() ? 0 : parts.drain(grace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close();
        }
    }

    /** Waits as long as {@link NodeTimes#closeMillis()} says, but not on an event loop. */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true) && !closeTimeout.isZero() && parts.isThreadThatMayWait()) {
            drain(closeTimeout);
        } else {
            parts.close();
        }
    }
}
