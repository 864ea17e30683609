package dev.culvert.cli;

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
import dev.culvert.api.NodeRoute;
import dev.culvert.api.ServiceRoute;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.api.StreamListener;
import dev.culvert.node.Entrance;
import dev.culvert.node.ExposedService;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeListener;
import dev.culvert.node.NodeStatus;
import dev.culvert.node.NodeStatus.Traffic;
import dev.culvert.node.Publication;
import dev.culvert.node.ServiceWatcher;
import dev.culvert.node.Target;
import dev.culvert.node.Visibility;
import dev.culvert.policy.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** A node that does nothing but remember, and says what the test tells it to. Any thread, one test. */
final class FakeNode implements Node, RunningNode, NodeStarter {
    volatile @Nullable NodeConfig config;
    volatile boolean closed;
    volatile @Nullable Duration drained;
    /** Called when the node has been started, with the command's listener. */
    Consumer<NodeListener> life = listener -> {};
    /** Instead of starting. */
    @Nullable
    IOException startFault;
    /** Instead of a link. */
    @Nullable
    IOException linkFault;
    /** Instead of a stream. */
    @Nullable
    IOException dialFault;

    @Nullable
    Stream stream;

    Traffic traffic = new Traffic(0, 0, 0, 0, 0);
    int resetByDrain;
    List<String> listening = List.of("tls://0.0.0.0:7443");
    final List<String> revoked = new CopyOnWriteArrayList<>();
    /** Instead of a registration. */
    volatile @Nullable IOException exposeFault;

    /** What relays tell one who watches. */
    Consumer<ServiceWatcher> world = watcher -> {};

    final List<String> watched = new CopyOnWriteArrayList<>();
    final List<ExposedService> exposed = new CopyOnWriteArrayList<>();
    final Map<Target, Entrance> entered = new LinkedHashMap<>();
    final List<Address> dialled = new ArrayList<>();

    @Override
    public RunningNode start(NodeConfig newConfig, NodeListener listener) throws IOException {
        config = newConfig;
        if (startFault != null) {
            throw startFault;
        }
        life.accept(listener);
        return this;
    }

    NodeConfig config() {
        if (config == null) {
            throw new AssertionError("no node was started");
        }
        return config;
    }

    @Override
    public Node node() {
        return this;
    }

    @Override
    public List<String> listening() {
        return listening;
    }

    @Override
    public List<SocketAddress> entries() {
        List<SocketAddress> entries = new ArrayList<>();
        config().entries().forEach(entry -> entries.add(InetSocketAddress.createUnresolved("127.0.0.1", 9000)));
        return entries;
    }

    @Override
    public SocketAddress enter(Target listen, Entrance entrance) {
        entered.put(listen, entrance);
        return InetSocketAddress.createUnresolved("127.0.0.1", 1080);
    }

    @Override
    public Binding expose(ExposedService service) throws IOException {
        if (exposeFault != null) {
            throw exposeFault;
        }
        exposed.add(service);
        return new Binding() {
            @Override
            public String service() {
                return service.service();
            }

            @Override
            public int port() {
                return service.port();
            }

            @Override
            public int publicPort() {
                return Math.max(0, service.publicPort());
            }

            @Override
            public void close() {
                exposed.remove(service);
            }
        };
    }

    @Override
    public AutoCloseable watch(String patterns, ServiceWatcher watcher) {
        watched.add(patterns);
        world.accept(watcher);
        return () -> watched.remove(patterns);
    }

    @Override
    public Publication publication(Address address) {
        return new Publication(Visibility.UNKNOWN, List.of());
    }

    @Override
    public NodeStatus status() {
        return new NodeStatus(name(), "default", "agent", List.of(), List.of(), List.of(), List.of(), traffic);
    }

    @Override
    public String statusJson() {
        return "{\"node\":\"" + name()
                + "\",\"namespace\":\"default\",\"role\":\"agent\",\"listening\":[],\"links\":[],"
                + "\"sessions\":[],\"services\":[],\"traffic\":{\"open\":1,\"total\":2,\"refused\":0,\"bytesIn\":3,\"bytesOut\":4}}";
    }

    @Override
    public String name() {
        return config().identity().name();
    }

    @Override
    public void awaitLink(Duration timeout) throws IOException {
        if (linkFault != null) {
            throw linkFault;
        }
    }

    @Override
    public Stream dial(Address address, DialOptions options) throws IOException {
        dialled.add(address);
        if (dialFault != null) {
            throw dialFault;
        }
        if (stream == null) {
            throw new AssertionError("no stream was prepared");
        }
        return stream;
    }

    @Override
    public CompletionStage<Stream> dialAsync(Address address, DialOptions options) {
        return CompletableFuture.failedStage(new UnsupportedOperationException("not used by commands"));
    }

    @Override
    public StreamListener bind(String service, BindOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public Binding bind(String service, BindOptions options, StreamAcceptor acceptor) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public byte[] call(Address address, byte[] request, CallOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public CompletableFuture<byte[]> callAsync(Address address, byte[] request, CallOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public void notify(Address address, byte[] message, CallOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public CompletableFuture<Void> notifyAsync(Address address, byte[] message, CallOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public Binding handleCalls(String service, BindOptions options, CallHandler handler) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public Session attach(ByteChannel bytes, AttachOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public Session attach(InputStream in, OutputStream out, AttachOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public LiveMap<Address, ServiceRoute> services(String patterns) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public LiveMap<String, NodeRoute> routes(String patterns) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public NodeBuilder sibling(String name) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public List<Session> sessions() {
        return List.of();
    }

    @Override
    public String invite(InviteOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public Socket socket(String address) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public ServerSocket serverSocket(String service) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public SocketFactory socketFactory(DialOptions options) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public ServerSocketFactory serverSocketFactory() {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public int drain(Duration grace) {
        drained = grace;
        return resetByDrain;
    }

    @Override
    public void revoke(Principal principal, ErrorCode code, String text) {
        revoked.add(principal.id() + " " + code);
    }

    @Override
    public void close() {
        closed = true;
    }
}
