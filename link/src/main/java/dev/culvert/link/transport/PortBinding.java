package dev.culvert.link.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a {@link LinkPort}. <em>Stateless.</em> */
final class PortBinding {
    private static final Logger LOG = LoggerFactory.getLogger(PortBinding.class);
    private static final int BACKLOG = 1024;

    private PortBinding() {}

    static Future<LinkPort> bind(
            Loops loops, Endpoint endpoint, LinkPortOptions options, TlsEngine engine, LinkAcceptor acceptor) {
        EventLoop loop = loops.group(endpoint).next();
        Promise<LinkPort> promise = loop.newPromise();
        PortRules rules;
        try {
            rules = PortRules.of(endpoint, options, engine, acceptor);
            requireUsable(endpoint, rules);
        } catch (IOException | IllegalArgumentException e) {
            return promise.setFailure(new IOException(endpoint + ": " + e.getMessage(), e));
        }
        promise.addListener(bound -> {
            ServerTls tls = rules.tls();
            if (!bound.isSuccess() && tls != null) {
                tls.release();
            }
        });
        if (endpoint instanceof Endpoint.Memory memory) {
            listen(loops, endpoint, rules, new LocalAddress(memory.name()), promise);
            return promise;
        }
        loops.lookups().execute(() -> {
            try {
                listen(loops, endpoint, rules, address(loops, endpoint), promise);
            } catch (IOException | RuntimeException e) {
                promise.tryFailure(new IOException(endpoint + ": " + e.getMessage(), e));
            }
        });
        return promise;
    }

    /** A socket that is gone, or never was ours, is left alone. */
    static void removeSocketFile(Endpoint endpoint) {
        if (endpoint instanceof Endpoint.Unix unix) {
            try {
                Files.deleteIfExists(unix.path());
            } catch (IOException e) {
                LOG.debug("{}: left behind: {}", unix, e.getMessage());
            }
        }
    }

    /** A certificate that cannot be used stops the start, and not the first node that comes. */
    private static void requireUsable(Endpoint endpoint, PortRules rules) throws IOException {
        boolean secure = endpoint instanceof Endpoint.Tls || endpoint instanceof Endpoint.WebSocket web && web.secure();
        ServerTls tls = rules.tls();
        if (tls == null && secure) {
            throw new IOException(
                    "TLS without a certificate (expected: one, or an endpoint tcp:// with links in clear)");
        }
        if (tls == null && rules.transport().equals("tcp") && !rules.options().clear()) {
            throw new IOException("neither TLS nor links in clear are taken (expected: one of them)");
        }
        if (tls != null) {
            try {
                io.netty.util.ReferenceCountUtil.release(tls.handler(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT)
                        .engine());
            } catch (SSLException e) {
                throw new IOException(
                        "certificate that TLS cannot use: " + e.getMessage()
                                + " (expected: an ECDSA or RSA certificate with its key)",
                        e);
            }
        }
    }

    private static void listen(
            Loops loops, Endpoint endpoint, PortRules rules, SocketAddress address, Promise<LinkPort> promise) {
        AtomicReference<@Nullable Channel> listening = new AtomicReference<>();
        AcceptGate gate = new AcceptGate(rules.limits(), full -> {
            Channel port = listening.get();
            if (port != null) {
                port.config().setAutoRead(!full);
            }
        });
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group(endpoint))
                .channelFactory(loops.listening(endpoint))
                .handler(new AcceptPause(endpoint.toString(), () -> !gate.isFull()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        Incoming.begin(accepted, rules, gate);
                    }
                });
        if (address instanceof InetSocketAddress) {
            bootstrap
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true);
        }
        ChannelFuture binding = bootstrap.bind(address);
        listening.set(binding.channel());
        binding.addListener(done -> {
            if (done.isSuccess()) {
                onlyForOwner(endpoint);
                promise.trySuccess(new LinkPort(endpoint, binding.channel(), gate, rules));
            } else {
                promise.tryFailure(failure(endpoint, done.cause()));
            }
        });
    }

    private static SocketAddress address(Loops loops, Endpoint endpoint) throws IOException {
        if (endpoint instanceof Endpoint.Unix unix) {
            removeIfStale(unix.path());
            return loops.epoll()
                    ? new DomainSocketAddress(unix.path().toString())
                    : UnixDomainSocketAddress.of(unix.path());
        }
        if (endpoint instanceof Endpoint.Tls tls) {
            return inet(tls.host(), tls.port());
        }
        if (endpoint instanceof Endpoint.Tcp tcp) {
            return inet(tcp.host(), tcp.port());
        }
        if (endpoint instanceof Endpoint.WebSocket web) {
            return inet(web.host(), web.port());
        }
        throw new IOException("no place to listen (expected: an address)");
    }

    private static InetSocketAddress inet(String host, int port) throws IOException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IOException("host name '" + host + "' has no address (expected: an address of this machine)", e);
        }
    }

    /** A socket file without a listener was left by a crash. With one it is in use: the bind itself would take it away. */
    private static void removeIfStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("a file is there already (expected: no file, or a socket)");
        }
        if (isAnswered(path)) {
            throw new IOException("in use (expected: free); stop what listens there, or choose another");
        }
        Files.delete(path);
    }

    private static boolean isAnswered(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobodyListens) {
            return false;
        }
    }

    private static void onlyForOwner(Endpoint endpoint) throws IOException {
        if (endpoint instanceof Endpoint.Unix unix) {
            try {
                Files.setPosixFilePermissions(unix.path(), PosixFilePermissions.fromString("rw-------"));
            } catch (UnsupportedOperationException e) {
                LOG.debug("{}: file modes are not known here; the directory protects the socket", unix);
            }
        }
    }

    private static IOException failure(Endpoint endpoint, Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        boolean inUse = text.toLowerCase(Locale.ROOT).contains("in use") || text.contains("already bound");
        if (!inUse) {
            return new IOException(
                    endpoint + ": cannot listen: " + text + " (expected: an address of this machine)", cause);
        }
        String port = endpoint.toString().replaceFirst(".*:(\\d+).*", "$1");
        String next = endpoint instanceof Endpoint.Unix || endpoint instanceof Endpoint.Memory
                ? "stop what listens there, or choose another"
                : "see what has it: ss -ltnp 'sport = :" + port + "'; stop that, or choose another port";
        return new IOException(endpoint + ": in use (expected: free); " + next, cause);
    }
}
