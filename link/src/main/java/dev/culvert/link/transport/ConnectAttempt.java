package dev.culvert.link.transport;

import dev.culvert.policy.RelayCertificate;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * One connect from name to link-ready channel: look-up, TCP (and proxy), TLS, WebSocket, as far as the endpoint needs them. Owned by its
 * event loop, which is the channel's too. The first failure ends it; the channel is closed then.
 */
final class ConnectAttempt {
    private final Order order;
    private final Loops loops;
    private final Connector.Surroundings surroundings;
    private final EventLoop loop;
    private final Promise<Channel> promise;
    private final ConnectFailures failures;
    private @Nullable Future<?> running;
    private @Nullable Channel channel;
    private long stepBeganNanos;

    /** What is wanted. */
    record Order(Endpoint endpoint, ConnectOptions options, StepListener steps) {}

    private ConnectAttempt(Loops loops, Connector.Surroundings surroundings, Order order) {
        this.order = order;
        this.loops = loops;
        this.surroundings = surroundings;
        this.loop = loops.group(order.endpoint()).next();
        this.promise = loop.newPromise();
        this.failures = new ConnectFailures(order.endpoint(), order.options());
    }

    static Future<Channel> start(Loops loops, Connector.Surroundings surroundings, Order order) {
        ConnectAttempt attempt = new ConnectAttempt(loops, surroundings, order);
        attempt.promise.addListener(done -> attempt.onDone());
        attempt.loop.execute(attempt::begin);
        return attempt.promise;
    }

    private void begin() {
        stepBeganNanos = now();
        Endpoint endpoint = order.endpoint();
        if (endpoint instanceof Endpoint.Memory memory) {
            connectLocally("mem", memory.name(), new LocalAddress(memory.name()));
        } else if (endpoint instanceof Endpoint.Unix unix) {
            SocketAddress address = loops.epoll()
                    ? new DomainSocketAddress(unix.path().toString())
                    : UnixDomainSocketAddress.of(unix.path());
            connectLocally("unix", unix.path().toString(), address);
        } else if (endpoint instanceof Endpoint.Tls tls) {
            reach(tls.host(), tls.port(), () -> secure(tls.host(), tls.port(), TlsEngine.ALPN_LINK, this::succeed));
        } else if (endpoint instanceof Endpoint.Tcp tcp) {
            reach(tcp.host(), tcp.port(), this::succeed);
        } else if (endpoint instanceof Endpoint.WebSocket web) {
            reach(web.host(), web.port(), () -> {
                if (web.secure()) {
                    secure(web.host(), web.port(), TlsEngine.ALPN_HTTP, () -> upgrade(web));
                } else {
                    upgrade(web);
                }
            });
        } else {
            fail(new ConnectFailed("connect", false, endpoint + ": no place to dial (expected: an address)", null));
        }
    }

    private void connectLocally(String step, String detail, SocketAddress address) {
        ChannelFuture connecting = bootstrap(null).connect(address);
        running = connecting;
        connecting.addListener(done -> {
            if (take(connecting.channel(), done.cause())) {
                stepDone(step, detail);
                succeed();
            } else {
                fail(failures.atLocal(step, done.cause()));
            }
        });
    }

    /** TCP to the host, or to the proxy and through it. */
    private void reach(String host, int port, Runnable next) {
        Proxy.Http proxy;
        try {
            proxy = ProxyChoice.of(order.options().proxy(), order.endpoint(), surroundings.environment());
        } catch (IllegalArgumentException e) {
            fail(failures.atProxySettings(e));
            return;
        }
        if (proxy == null) {
            resolve(
                    host,
                    found -> race(
                            found, address -> bootstrap(null).connect(new InetSocketAddress(address, port)), next));
        } else {
            InetSocketAddress target = InetSocketAddress.createUnresolved(host, port);
            resolve(
                    proxy.host(),
                    found -> race(found, address -> through(proxy, address, target), () -> passProxy(proxy, next)));
        }
    }

    private void resolve(String host, Consumer<List<InetAddress>> next) {
        Promise<List<InetAddress>> found = loop.newPromise();
        long limit = order.options().resolveMillis();
        ScheduledFuture<?> deadline = loop.schedule(
                () -> found.tryFailure(new UnknownHostException("no answer within " + limit + " ms")),
                limit,
                TimeUnit.MILLISECONDS);
        loops.lookups().execute(() -> {
            try {
                found.trySuccess(surroundings.lookup().addresses(host));
            } catch (UnknownHostException | RuntimeException e) {
                found.tryFailure(e);
            }
        });
        running = found;
        found.addListener(done -> {
            deadline.cancel(false);
            if (!done.isSuccess()) {
                fail(failures.atResolve(host, done.cause()));
                return;
            }
            List<InetAddress> addresses =
                    AddressOrder.of(found.getNow(), surroundings.random().split());
            stepDone(
                    "resolve", host + " has " + addresses.size() + (addresses.size() == 1 ? " address" : " addresses"));
            next.accept(addresses);
        });
    }

    private void race(
            List<InetAddress> addresses, java.util.function.Function<InetAddress, ChannelFuture> dial, Runnable next) {
        if (promise.isDone()) {
            return;
        }
        Future<Channel> race = TcpRace.run(loop, addresses, order.options().tcpMillis(), dial);
        running = race;
        race.addListener(done -> {
            if (take(done.isSuccess() ? race.getNow() : null, done.cause())) {
                stepDone("tcp", String.valueOf(race.getNow().remoteAddress()).replaceFirst("^[^/]*/", ""));
                next.run();
            } else {
                fail(failures.atTcp(done.cause()));
            }
        });
    }

    private ChannelFuture through(Proxy.Http proxy, InetAddress address, InetSocketAddress target) {
        InetSocketAddress at = new InetSocketAddress(address, proxy.port());
        HttpProxyHandler handler = proxy.user() == null || proxy.password() == null
                ? new HttpProxyHandler(at)
                : new HttpProxyHandler(at, proxy.user(), proxy.password());
        handler.setConnectTimeoutMillis(order.options().tcpMillis());
        return bootstrap(handler).connect(target);
    }

    private void passProxy(Proxy.Http proxy, Runnable next) {
        ProxyHandler handler = reached().pipeline().get(ProxyHandler.class);
        Future<Channel> passed = handler.connectFuture();
        running = passed;
        passed.addListener(done -> {
            if (done.isSuccess()) {
                stepDone("proxy", proxy.toString());
                next.run();
            } else {
                fail(failures.atProxy(proxy, done.cause()));
            }
        });
    }

    private void secure(String host, int port, String alpn, Runnable next) {
        SslHandler handler;
        try {
            handler = new ClientTls(surroundings.engine(), surroundings.clock())
                    .handler(reached().alloc(), order.options().trust(), host, port, alpn);
        } catch (SSLException | RuntimeException e) {
            fail(failures.atTls(e));
            return;
        }
        handler.setHandshakeTimeoutMillis(order.options().tlsMillis());
        running = handler.handshakeFuture();
        reached().pipeline().addBefore(QuietEnd.NAME, null, handler);
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                stepDone(
                        isPinned(handler) ? "tls pin" : "tls",
                        handler.engine().getSession().getProtocol());
                next.run();
            } else {
                fail(failures.atTls(done.cause()));
            }
        });
    }

    private boolean isPinned(SslHandler handler) {
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            return order.options().trust() instanceof Trust.Pinned pinned
                    && RelayCertificate.endsIn(List.of(chain), pinned.identityKey());
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private void upgrade(Endpoint.WebSocket web) {
        Future<Channel> upgraded = WebSocketUpgrade.start(reached(), web);
        running = upgraded;
        long limit = order.options().upgradeMillis();
        ScheduledFuture<?> deadline = loop.schedule(
                () -> fail(failures.atUpgrade(new WebSocketUpgrade.Refused(0, "no answer within " + limit + " ms"))),
                limit,
                TimeUnit.MILLISECONDS);
        upgraded.addListener(done -> {
            deadline.cancel(false);
            if (done.isSuccess()) {
                stepDone("websocket", web.path());
                succeed();
            } else {
                fail(failures.atUpgrade(done.cause()));
            }
        });
    }

    private Bootstrap bootstrap(@Nullable HttpProxyHandler proxy) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(loops.dialling(order.endpoint()))
                .disableResolver()
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(order.options().tcpMillis(), Integer.MAX_VALUE))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel created) {
                        if (proxy != null) {
                            created.pipeline().addLast(new ProxyStatusLine(), proxy);
                        }
                        created.pipeline().addLast(QuietEnd.NAME, new QuietEnd());
                    }
                });
        boolean tcp = !(order.endpoint() instanceof Endpoint.Memory || order.endpoint() instanceof Endpoint.Unix);
        return tcp ? bootstrap.option(ChannelOption.TCP_NODELAY, true) : bootstrap;
    }

    /** Whether there is a channel and anybody still wants it. */
    private boolean take(@Nullable Channel connected, @Nullable Throwable cause) {
        if (cause != null || connected == null) {
            return false;
        }
        channel = connected;
        if (promise.isDone()) {
            connected.close();
            return false;
        }
        // put off, so that a handler which knows more speaks first
        connected
                .closeFuture()
                .addListener(closed -> loop.execute(() -> fail(failures.closed(new ClosedChannelException()))));
        return true;
    }

    private Channel reached() {
        if (channel == null) {
            throw new IllegalStateException("no channel yet");
        }
        return channel;
    }

    private void stepDone(String step, String detail) {
        long now = now();
        order.steps().onStep(step, detail, now - stepBeganNanos);
        stepBeganNanos = now;
    }

    private void succeed() {
        reached().pipeline().remove(QuietEnd.NAME);
        promise.trySuccess(reached());
    }

    private void fail(ConnectFailed failure) {
        promise.tryFailure(failure);
    }

    /** Whatever is not handed over is closed. */
    private void onDone() {
        if (!promise.isSuccess()) {
            if (running != null) {
                running.cancel(false);
            }
            if (channel != null) {
                channel.close();
            }
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
