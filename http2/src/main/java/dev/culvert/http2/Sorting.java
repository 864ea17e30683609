package dev.culvert.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a server channel accepts to the meeting point of its kind, once it is known what it is: reversed connections, clients of a server
 * name, all other clients. Owned by the server channel's event loop, on which the meeting points live.
 */
final class Sorting extends ChannelInboundHandlerAdapter implements Triage.Findings {
    private static final Logger LOG = LoggerFactory.getLogger(Sorting.class);

    private final ServerChannel server;
    private final EventLoop loop;
    private final EventLoopGroup loops;
    private final PrefaceOptions options;
    private final FirstBytes firstBytes;
    private final MeetingPoint clients;
    private final MeetingPoint reversed;
    private final Map<String, MeetingPoint> split = new ConcurrentHashMap<>();
    private final Map<Connection, Peer> knownClients = new LinkedHashMap<>();
    private final Set<Connection> all = new LinkedHashSet<>();
    private final Map<Connection, ChannelFuture> undecided = new LinkedHashMap<>();

    Sorting(ServerChannel server, PrefaceOptions options) {
        this.server = server;
        this.loop = server.eventLoop();
        this.loops = loop.parent() == null ? loop : loop.parent();
        this.options = options;
        this.firstBytes = new FirstBytes(options.bareNames());
        this.clients = meetingOfClients("clients");
        this.reversed =
                new MeetingPoint(loop, options.mostWaiting(), options.mostWaitingOfOnePeer(), "reversed connections");
    }

    private MeetingPoint meetingOfClients(String kind) {
        return new MeetingPoint(loop, options.backlog(), Integer.MAX_VALUE, kind);
    }

    /** Begins to accept. */
    void start() throws IOException {
        Blocking.await(loop.submit(() -> {
            server.pipeline().addFirst(this);
            server.config().setAutoRead(true);
        }));
    }

    /** All clients but those of the server names that were asked for. */
    MeetingPoint clients() {
        return clients;
    }

    MeetingPoint reversed() {
        return reversed;
    }

    /** The clients of one server name, whatever its case, with a backlog of their own; who waits among the rest moves there. Any thread. */
    MeetingPoint clients(String serverName) {
        String name = serverName.toLowerCase(Locale.ROOT); // as Netty tells it
        MeetingPoint own = split.computeIfAbsent(name, absent -> meetingOfClients("clients of " + absent));
        onLoop(() -> onSplit(name, own));
        return own;
    }

    private void onSplit(String name, MeetingPoint own) {
        if (!server.isOpen()) {
            own.close();
        }
        knownClients.forEach((connection, peer) -> {
            if (peer.serverName().equals(name) && clients.leave(connection)) {
                own.arrive(connection, peer);
            }
        });
    }

    /** Any thread. */
    Future<List<Peer>> waiting() {
        return loop.submit(reversed::waiting);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel raw = (Channel) message;
        raw.config().setAutoRead(false);
        KeepAlive.turnOn(raw.config());
        raw.config().setOption(ChannelOption.TCP_NODELAY, true);
        Triage triage = new Triage(raw, options, firstBytes, this);
        Connection connection = triage.connection();
        all.add(connection);
        ChannelFuture registration = loops.register(raw);
        registration.addListener(registered -> {
            if (registered.isSuccess()) {
                triage.begin();
                onLoop(() -> onBegun(connection));
            } else {
                LOG.warn("{}: not registered", raw.remoteAddress(), registered.cause());
                raw.unsafe().closeForcibly();
                onGone(connection);
            }
        });
        undecided.put(connection, registration);
        if (undecided.size() > options.mostUndecided()) {
            dropOldest();
        }
    }

    private void dropOldest() {
        Map.Entry<Connection, ChannelFuture> oldest =
                undecided.entrySet().iterator().next();
        LOG.info(
                "{}: closed: more than {} connections have not said what they are",
                oldest.getKey(),
                options.mostUndecided());
        undecided.remove(oldest.getKey());
        oldest.getValue().addListener(registered -> oldest.getKey().close());
    }

    /** Out of files, mostly: the next try is a second later. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.warn("{}: accepts nothing for a second: {}", server.localAddress(), cause.getMessage());
        server.config().setAutoRead(false);
        loop.schedule(() -> server.config().setAutoRead(true), 1, TimeUnit.SECONDS);
    }

    /** Who was on the way while the port closed. */
    private void onBegun(Connection connection) {
        if (!server.isOpen()) {
            connection.close();
        }
    }

    @Override
    public void onClient(Triage found, Peer peer) {
        onLoop(() -> {
            if (decided(found)) {
                knownClients.put(found.connection(), peer);
                split.getOrDefault(peer.serverName(), clients).arrive(found.connection(), peer);
            }
        });
    }

    @Override
    public void onReversed(Triage found, Peer peer) {
        onLoop(() -> {
            if (decided(found)) {
                reversed.arrive(found.connection(), peer);
            }
        });
    }

    /** Whether it still lives; it waits no more as what it was before. */
    private boolean decided(Triage found) {
        Connection connection = found.connection();
        undecided.remove(connection);
        reversed.leave(connection);
        found.onSorted();
        return all.contains(connection);
    }

    @Override
    public void onGone(Connection connection) {
        onLoop(() -> {
            all.remove(connection);
            undecided.remove(connection);
            knownClients.remove(connection);
            clients.leave(connection);
            split.values().forEach(each -> each.leave(connection));
            reversed.leave(connection);
        });
    }

    /** Any thread. */
    void close() {
        clients.close();
        split.values().forEach(MeetingPoint::close);
        reversed.close();
        loop.execute(() ->
                all.stream().filter(each -> each.raw().isRegistered()).toList().forEach(Connection::close));
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: its loop ended before", server);
        }
    }
}
