package dev.culvert.http2;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener for a server that cannot be dialled: it accepts by dialling out, to a {@link PrefaceListener} or to anything that takes an
 * incoming connection for one of its own. Any thread; what changes is owned by one event loop.
 *
 * <p>From the start on it keeps a spare connection, so that the other side's next dial finds one, and dials another as soon as it is used.
 * What fails or is lost is redialled, after a wait with full jitter. A connection without announcement is served at once, since its server
 * must speak first; one that announced its name is served when the other side uses it.
 */
public final class DialListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DialListener.class);
    private static final int BACKLOG = 1000;

    private final InetSocketAddress remote;
    private final DialOptions options;
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final ExecutorService lookups;
    private final Redials redials;
    private final MeetingPoint connections;
    private final Set<Outgoing> all = new LinkedHashSet<>();
    private final Set<Outgoing> inUse = new LinkedHashSet<>();
    private int attempts;
    private boolean wellBefore = true;
    private @Nullable Future<?> wait;
    private boolean closed;

    private DialListener(InetSocketAddress remote, DialOptions options) {
        this.remote = remote;
        this.options = options;
        this.loops = new MultiThreadIoEventLoopGroup(
                2, new DefaultThreadFactory("dial-listener", true), NioIoHandler.newFactory());
        this.loop = loops.next();
        this.lookups = Executors.newSingleThreadExecutor(new DefaultThreadFactory("dial-listener-lookup", true));
        this.redials = new Redials(options, new SplittableRandom());
        this.connections = new MeetingPoint(loop, BACKLOG, Integer.MAX_VALUE, "connections");
    }

    /**
     * Begins to dial {@code remote}. A host name is looked up at each dial, so it should be {@link InetSocketAddress#createUnresolved
     * unresolved}; its addresses are tried in turn.
     */
    public static DialListener to(InetSocketAddress remote, DialOptions options) {
        DialListener listener = new DialListener(remote, options);
        listener.loop.execute(listener::dialWhatIsMissing);
        return listener;
    }

    /** The connections to serve. */
    public Incoming connections() {
        return new Incoming(connections, peer -> true, () -> remote, this::drain);
    }

    /** As {@code connections().accept()}. */
    public Socket accept() throws IOException {
        return connections().accept();
    }

    private void dialWhatIsMissing() {
        while (!closed && wait == null && redials.missing() > 0) {
            redials.onDial();
            int attempt = attempts++;
            lookups.execute(() -> lookUp(attempt));
        }
    }

    /** On the thread for look-ups. */
    private void lookUp(int attempt) {
        try {
            InetAddress[] found = remote.getAddress() == null
                    ? InetAddress.getAllByName(remote.getHostString())
                    : new InetAddress[] {remote.getAddress()};
            InetSocketAddress address = new InetSocketAddress(found[attempt % found.length], remote.getPort());
            onLoop(() -> connect(address));
        } catch (UnknownHostException e) {
            onLoop(() -> onFailed("unknown host " + remote.getHostString()));
        }
    }

    private void connect(InetSocketAddress address) {
        if (closed) {
            return;
        }
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectWithin().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel raw) {
                        KeepAlive.turnOn(raw.config());
                        new Outgoing(raw, options, remote, DialListener.this).begin();
                    }
                })
                .connect(address)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        onNotReady(String.valueOf(connected.cause()));
                    }
                });
    }

    /** Any thread. Connected, TLS done if there is any, and the name said. */
    void onReady(Outgoing outgoing) {
        onLoop(() -> {
            redials.onDialled();
            all.add(outgoing);
            if (!wellBefore) {
                LOG.info("{}: dialled again", remote);
                wellBefore = true;
            }
            if (closed) {
                outgoing.connection().close();
            } else if (options.announcement().name().isEmpty()) {
                serve(outgoing);
            }
            dialWhatIsMissing();
        });
    }

    /** Any thread. The other side sent its first bytes. */
    void onUsed(Outgoing outgoing) {
        onLoop(() -> {
            if (!all.contains(outgoing)) {
                return;
            }
            inUse.add(outgoing);
            redials.onUsed();
            if (!options.announcement().name().isEmpty()) {
                serve(outgoing);
            }
            dialWhatIsMissing();
        });
    }

    private void serve(Outgoing outgoing) {
        connections.arrive(
                outgoing.connection(),
                new Peer("", "", "", outgoing.connection().remoteAddress()));
    }

    /** Any thread. A connection that was ready has ended. */
    void onEnded(Outgoing outgoing, boolean used, long upMillis) {
        onLoop(() -> {
            all.remove(outgoing);
            inUse.remove(outgoing);
            maybeEndLoops();
            connections.leave(outgoing.connection());
            if (used) {
                onUsedEnded(outgoing.isUsedByClient(), upMillis);
            } else {
                waitThenDial("unused connection ended after " + upMillis + " ms", redials.onSpareEnded(upMillis));
            }
        });
    }

    private void onUsedEnded(boolean byClient, long upMillis) {
        long millis = redials.onUsedEnded(byClient, upMillis);
        if (redials.beginsToWaitAfterUses()) {
            LOG.info(
                    "{}: answers and ends each connection (the last after {} ms) and begins none as a client does, so there are"
                            + " waits between them; is this the port where the other side takes incoming connections?",
                    remote,
                    upMillis);
        }
        if (millis > 0) {
            delay(millis);
        } else {
            dialWhatIsMissing();
        }
    }

    /** Any thread. TLS failed, or the connection ended before all was ready. */
    void onNotReady(String reason) {
        onLoop(() -> onFailed(reason));
    }

    private void onFailed(String reason) {
        waitThenDial(reason, redials.onFailed());
    }

    private void waitThenDial(String reason, long millis) {
        if (closed) {
            return;
        }
        if (wellBefore && millis > 0) {
            LOG.info("{}: {}; redialling until it works", remote, reason);
            wellBefore = false;
        }
        LOG.debug("{}: {}; next dial in {} ms", remote, reason, millis);
        delay(millis);
    }

    private void delay(long millis) {
        if (!closed && wait == null) {
            wait = loop.schedule(this::onWaited, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void onWaited() {
        wait = null;
        dialWhatIsMissing();
    }

    /** A server on it was closed: ends dialling and the spares at once, and all else with the last connection in use. Any thread. */
    private void drain() {
        connections.close();
        onLoop(() -> {
            stopDialling();
            all.stream()
                    .filter(outgoing -> !inUse.contains(outgoing))
                    .toList()
                    .forEach(outgoing -> outgoing.connection().close());
            maybeEndLoops();
        });
    }

    private void stopDialling() {
        closed = true;
        lookups.shutdown();
    }

    private void maybeEndLoops() {
        if (closed && all.isEmpty()) {
            endLoops();
        }
    }

    /**
     * The quiet period makes each loop close its channels once more after its last task, which may have connected one: a dial under way is not
     * among all.
     */
    private void endLoops() {
        loops.shutdownGracefully(10, 1_000, TimeUnit.MILLISECONDS);
    }

    /** Ends dialling and all connections. Idempotent. */
    @Override
    public void close() {
        connections.close();
        onLoop(() -> {
            stopDialling();
            List.copyOf(all).forEach(outgoing -> outgoing.connection().close());
            endLoops();
        });
    }

    /** What happens after the end of the loops happens to nobody. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: closed already", remote);
        }
    }
}
