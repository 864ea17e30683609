package dev.culvert.testkit;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.Loops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalServerChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What lies between a node and a relay, and fails when it is told to. Any thread; takes effect at once for connections that are there, and
 * for those that come.
 */
public final class TestLink {
    private final EventLoop loop;
    private final LocalAddress here;
    private final LocalAddress relay;
    private final LocalServerChannel server;
    private final Set<Cable> cables = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connects = new AtomicInteger();
    private volatile Weather weather = Weather.FINE;
    private volatile boolean open = true;

    /**
     * What bytes meet on their way. <em>Immutable.</em>
     *
     * @param delayNanos each byte is late by this
     * @param bytesPerSecond in each direction; 0: no limit
     * @param stalled nothing arrives, and the sender fills up
     * @param silent what is sent is lost, and nobody is told
     */
    record Weather(long delayNanos, long bytesPerSecond, boolean stalled, boolean silent) {
        static final Weather FINE = new Weather(0, 0, false, false);
    }

    private TestLink(EventLoop loop, String here, String relay) {
        this.loop = loop;
        this.here = new LocalAddress(here);
        this.relay = new LocalAddress(relay);
        this.server = new LocalServerChannel();
        server.pipeline().addLast(new Acceptor());
    }

    /** Listens at {@code here} and passes what comes on to {@code relay}. */
    static TestLink lay(Loops loops, String here, String relay) {
        EventLoop loop = loops.group(new Endpoint.Memory(here)).next();
        TestLink link = new TestLink(loop, here, relay);
        loop.register(link.server).syncUninterruptibly();
        link.server.bind(link.here).syncUninterruptibly();
        return link;
    }

    Endpoint endpoint() {
        return new Endpoint.Memory(here.id());
    }

    /** Ends its connections and lets none come, until {@link #restore()}. Both ends see the loss at once. */
    public void cut() {
        open = false;
        cables.forEach(Cable::cut);
    }

    /** Ends its connections once; the node links again. */
    public void interrupt() {
        cables.forEach(Cable::cut);
    }

    /** Swallows all bytes in both directions without ending anything, as a dead router does, until {@link #restore()}. */
    public void drop() {
        change(new Weather(weather.delayNanos(), weather.bytesPerSecond(), false, true));
    }

    /** Holds all bytes back without losing one, as a reader does that reads no more, until {@link #restore()}. */
    public void stall() {
        change(new Weather(weather.delayNanos(), weather.bytesPerSecond(), true, false));
    }

    /** Each byte arrives later by this, in each direction; the order stays. */
    public void delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: zero or more)");
        }
        change(new Weather(delay.toNanos(), weather.bytesPerSecond(), weather.stalled(), weather.silent()));
    }

    /** So many bytes pass in a second, in each direction: a slow reader. 0: no limit. */
    public void bytesPerSecond(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytesPerSecond: " + bytes + " (expected: 0 or more)");
        }
        change(new Weather(weather.delayNanos(), bytes, weather.stalled(), weather.silent()));
    }

    /**
     * All is well again: no delay, no limit, new connections. Those on which bytes were swallowed are ended, since they could not go on.
     */
    public void restore() {
        boolean lost = weather.silent();
        open = true;
        change(Weather.FINE);
        if (lost) {
            interrupt();
        }
    }

    /** How often the node has connected, as far as this link let it. */
    public int connects() {
        return connects.get();
    }

    private void change(Weather next) {
        weather = next;
        cables.forEach(Cable::onWeather);
    }

    Weather weather() {
        return weather;
    }

    EventLoop loop() {
        return loop;
    }

    void onEnded(Cable cable) {
        cables.remove(cable);
    }

    /** Returns when its channels are closed. Not on an event loop. */
    void close() {
        cut();
        server.close().awaitUninterruptibly();
        loop.submit(() -> {}).awaitUninterruptibly();
    }

    /** Takes connections of the node. */
    private final class Acceptor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel node = (Channel) message;
            node.config().setAutoRead(false);
            if (!open) {
                loop.register(node).addListener(registered -> node.close());
                return;
            }
            connects.incrementAndGet();
            Cable cable = new Cable(TestLink.this, node);
            cables.add(cable);
            loop.register(node).addListener(registered -> cable.connect(relay));
        }
    }
}
