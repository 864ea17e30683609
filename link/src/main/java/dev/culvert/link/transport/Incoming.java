package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection until its peer is authenticated: told apart, secured, handed over, or closed. Owned by its channel's event loop.
 *
 * <pre>
 *   silent --12 bytes--> waiting --a place--> working (TLS, HTTP) --link bytes--> handed over --established()--> out of here
 *   any of them --deadline, too many bytes, bytes that match nothing--> closed
 * </pre>
 */
final class Incoming implements IncomingLink {
    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);

    /** A place for a handshake may take a few handshakes of others to come. [LINK-7] */
    private static final int WAIT_FACTOR = 3;

    /** What a handshake has even while others wait for its place: two round trips and a retransmission. */
    private static final long SURE_MILLIS = 2_000;

    private static final long LOOK_MILLIS = 250;

    private final Channel channel;
    private final PortRules rules;
    private final AcceptGate.Ticket ticket;
    private final ByteGuard guard;
    private Future<?> deadline;
    private @Nullable Future<?> looking;
    private String remoteAddress;
    private String transport;
    private boolean secure;
    private @Nullable ChannelHandler classifier;

    private Incoming(Channel channel, PortRules rules, AcceptGate.Ticket ticket) {
        this.channel = channel;
        this.rules = rules;
        this.ticket = ticket;
        this.guard = new ByteGuard(rules.limits().bytes());
        this.remoteAddress = text(channel.remoteAddress());
        this.transport = rules.transport();
        this.deadline = closeAfter(rules.limits().silentMillis(), "no first bytes");
    }

    /** On the loop of a channel that was accepted; closes it if its source has too many already. */
    static void begin(Channel channel, PortRules rules, AcceptGate gate) {
        InetSocketAddress source = channel.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
        AcceptGate.Ticket ticket = gate.enter(source == null ? null : source.getAddress(), channel::close);
        if (ticket == null) {
            LOG.debug("{}: closed, too many connections from there that have not proved who they are", source);
            channel.close();
            return;
        }
        Incoming incoming = new Incoming(channel, rules, ticket);
        channel.closeFuture().addListener(closed -> incoming.onClosed());
        channel.pipeline().addLast(incoming.guard);
        if (rules.transport().equals("tcp")) {
            boolean balancer = source != null && rules.isBalancer(source.getAddress());
            incoming.classify(balancer ? incoming::onFirstFromBalancer : incoming::onFirst);
        } else {
            incoming.whenThereIsAPlace(incoming::handOver);
        }
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public void established() {
        if (channel.pipeline().context(guard) == null) {
            return;
        }
        channel.pipeline().remove(guard);
        deadline.cancel(false);
        stopLooking();
        ticket.leave();
    }

    private void onFirst(FirstBytes first) {
        switch (first) {
            case TLS -> whenThereIsAPlace(this::startTls);
            case LINK -> {
                if (rules.options().clear()) {
                    whenThereIsAPlace(this::handOver);
                } else {
                    close("a link in clear (expected: TLS)");
                }
            }
            case HTTP -> whenThereIsAPlace(() -> startHttp(rules.options().clear()));
            case PROXY -> close("a PROXY header from an address that is not listed");
            case UNKNOWN -> close("first bytes that are neither TLS, nor a link, nor HTTP");
        }
    }

    private void onFirstFromBalancer(FirstBytes first) {
        if (first == FirstBytes.PROXY) {
            ChannelHandler reader = new ProxyHeaderReader(this::onProxyHeader, this::close);
            channel.pipeline().addLast(reader);
            declassify();
        } else {
            onFirst(first);
        }
    }

    private void onProxyHeader(ProxyHeader header) {
        InetSocketAddress client = header.client();
        if (client != null) {
            remoteAddress = text(client);
            if (!ticket.moveTo(client.getAddress())) {
                close("too many connections from there that have not proved who they are");
                return;
            }
        }
        classify(this::onFirst);
    }

    private void startTls() {
        ServerTls tls = rules.tls();
        if (tls == null) {
            close("TLS, for which this port has no certificate");
            return;
        }
        SslHandler handler;
        try {
            handler = tls.handler(channel.alloc());
        } catch (SSLException e) {
            LOG.error("no TLS on this port: {}", e.getMessage());
            channel.close();
            return;
        }
        handler.setHandshakeTimeoutMillis(rules.limits().handshakeMillis());
        secure = true;
        transport = "tls";
        channel.pipeline().addLast(handler);
        handler.handshakeFuture().addListener(done -> {
            if (!done.isSuccess()) {
                close("TLS handshake: " + done.cause().getMessage());
            }
        });
        Runnable next = declassifyLater();
        classify(first -> onFirstInside(first, handler.applicationProtocol()));
        next.run();
    }

    /** What ALPN agreed on and what comes must be the same thing. */
    private void onFirstInside(FirstBytes first, @Nullable String agreed) {
        if (first == FirstBytes.LINK && !TlsEngine.ALPN_HTTP.equals(agreed)) {
            handOver();
        } else if (first == FirstBytes.HTTP && !TlsEngine.ALPN_LINK.equals(agreed)) {
            startHttp(true);
        } else {
            close("inside TLS (" + agreed + "): " + first + " (expected: a link, or HTTP without " + TlsEngine.ALPN_LINK
                    + ")");
        }
    }

    private void startHttp(boolean upgradesPermitted) {
        HttpDoor.addTo(channel.pipeline(), upgradesPermitted, rules.origins(), () -> {
            transport = secure ? "wss" : "ws";
            handOver();
        });
        declassify();
    }

    private void handOver() {
        if (!channel.isActive()) {
            return;
        }
        try {
            rules.acceptor().onLink(this);
        } catch (RuntimeException e) {
            LOG.error("{}: connection closed, its acceptor failed", remoteAddress, e);
            channel.close();
            return;
        }
        declassify();
    }

    private void whenThereIsAPlace(Runnable work) {
        restart(rules.limits().handshakeMillis() * WAIT_FACTOR, "no place for its handshake came free");
        channel.config().setAutoRead(false);
        ticket.begin(() -> onLoop(() -> {
            restart(rules.limits().handshakeMillis(), "not authenticated in time");
            giveWayAfter(SURE_MILLIS);
            work.run();
            channel.config().setAutoRead(true);
        }));
    }

    /** A slow handshake may go on as long as nobody waits for its place. [LINK-7] */
    private void giveWayAfter(long millis) {
        Runnable look = () -> {
            if (ticket.isInTheWay()) {
                close("slow while others wait for a place");
            } else {
                giveWayAfter(LOOK_MILLIS);
            }
        };
        looking = channel.eventLoop().schedule(look, millis, TimeUnit.MILLISECONDS);
    }

    private void stopLooking() {
        if (looking != null) {
            looking.cancel(false);
        }
    }

    /** At once if it is our turn already: the first bytes are then passed on in the same turn. */
    private void onLoop(Runnable work) {
        if (channel.eventLoop().inEventLoop()) {
            work.run();
        } else {
            channel.eventLoop().execute(work);
        }
    }

    private void classify(java.util.function.Consumer<FirstBytes> decided) {
        Classifier fresh = new Classifier(decided);
        channel.pipeline().addLast(fresh);
        classifier = fresh;
    }

    private void declassify() {
        declassifyLater().run();
    }

    /** What was kept goes on to the handlers that were added behind. */
    private Runnable declassifyLater() {
        ChannelHandler present = classifier;
        classifier = null;
        return () -> {
            if (present != null && channel.pipeline().context(present) != null) {
                channel.pipeline().remove(present);
            }
        };
    }

    private void restart(long millis, String why) {
        deadline.cancel(false);
        deadline = closeAfter(millis, why);
    }

    private Future<?> closeAfter(long millis, String why) {
        return channel.eventLoop()
                .schedule(() -> close(why + " (expected: within " + millis + " ms)"), millis, TimeUnit.MILLISECONDS);
    }

    private void close(String why) {
        LOG.debug("{}: closed: {}", remoteAddress, why);
        channel.close();
    }

    private void onClosed() {
        deadline.cancel(false);
        stopLooking();
        ticket.leave();
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : "local";
    }
}
