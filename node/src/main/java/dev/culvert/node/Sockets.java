package dev.culvert.node;

import dev.culvert.link.transport.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Sockets of this machine on the loops of a node: which class, which loop, which options. <em>Immutable.</em> */
final class Sockets {
    private final Loops loops;

    Sockets(Loops loops) {
        this.loops = loops;
    }

    /** {@code wanted} if it can carry sockets, else another: streams over in-memory links live on loops that cannot. */
    EventLoop loopNear(EventLoop wanted) {
        Class<? extends IoHandle> kind = loops.epoll() ? EpollIoHandle.class : NioIoHandle.class;
        return wanted instanceof IoEventLoop io && io.isCompatible(kind) ? wanted : loops.next();
    }

    /** Connects to an address that is resolved. Reading begins when somebody asks for it. */
    ChannelFuture connect(EventLoop loop, SocketAddress address, int timeoutMillis) {
        return new Bootstrap()
                .group(loop)
                .channel(address instanceof InetSocketAddress ? tcp() : unix())
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(new Outgoing())
                .connect(address);
    }

    /** The address of a Unix domain socket as this node's channels want it. */
    SocketAddress unixAddress(Target.Unix unix) {
        return loops.epoll()
                ? new DomainSocketAddress(unix.path().toString())
                : UnixDomainSocketAddress.of(unix.path());
    }

    /** A listening channel for the kind of address, not yet registered. */
    ServerChannel server(SocketAddress address) {
        if (address instanceof InetSocketAddress) {
            return loops.epoll() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
        }
        return loops.epoll() ? new EpollServerDomainSocketChannel() : new NioServerDomainSocketChannel();
    }

    EventLoop next() {
        return loops.next();
    }

    private Class<? extends Channel> tcp() {
        return loops.epoll() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    private Class<? extends Channel> unix() {
        return loops.epoll() ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    /** Holds what the socket says until the stream is open. */
    private static final class Outgoing extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            SocketSide.install(channel);
        }
    }
}
