package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of one process: for sockets (epoll where it is available, else NIO), and for pipes inside the process; and a few threads
 * for look-ups that block. Many nodes may share one. <em>Any thread.</em> Threads are daemons named {@code <name>-<n>} and start with first
 * use.
 */
public final class Loops implements AutoCloseable {
    private static final int LOOKUP_THREADS = 4;
    private static final long LOOKUP_IDLE_SECONDS = 10;

    /** System property: {@code false} where loops over epoll should sleep at once when they have nothing to do. */
    static final String BUSY_POLL = "culvert.busyPoll";

    /** More than 0: without a quiet period Netty ends a loop in the turn that registers a channel, which then is never closed. */
    private static final long QUIET_MILLIS = 10;

    private static final long CLOSE_MILLIS = 1_000;

    private final EventLoopGroup sockets;
    private final EventLoopGroup memory;
    private final boolean epoll;
    private final Pipes pipes;
    private final ThreadPoolExecutor lookups;

    private Loops(EventLoopGroup sockets, EventLoopGroup memory, String name, boolean epoll, Pipes pipes) {
        this.sockets = sockets;
        this.memory = memory;
        this.epoll = epoll;
        this.pipes = pipes;
        this.lookups = new ThreadPoolExecutor(
                LOOKUP_THREADS,
                LOOKUP_THREADS,
                LOOKUP_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(name + "-lookup", true));
        lookups.allowCoreThreadTimeOut(true);
    }

    /** What {@code mem:} endpoints are made of. */
    private record Pipes(ChannelFactory<Channel> dialling, ChannelFactory<ServerChannel> listening) {
        static final Pipes LOCAL = new Pipes(LocalChannel::new, LocalServerChannel::new);
    }

    /** Loops on {@code threads} threads of their own; 0: one per processor. */
    public static Loops start(String name, int threads) {
        return start(name, threads, Epoll.isAvailable());
    }

    static Loops start(String name, int threads, boolean epoll) {
        EventLoopGroup sockets = new MultiThreadIoEventLoopGroup(
                count(threads),
                new DefaultThreadFactory(name, true),
                epoll ? epoll(Boolean.parseBoolean(System.getProperty(BUSY_POLL, "true"))) : NioIoHandler.newFactory());
        EventLoopGroup memory = new MultiThreadIoEventLoopGroup(
                count(threads), new DefaultThreadFactory(name + "-mem", true), LocalIoHandler.newFactory());
        return new Loops(sockets, memory, name, epoll, Pipes.LOCAL);
    }

    static IoHandlerFactory epoll(boolean busyPoll) {
        IoHandlerFactory steady = SteadyEpoll.newFactory();
        return busyPoll ? BusyPollIo.over(steady, Ticker.systemTicker()) : steady;
    }

    /** Loops that the caller drives, for simulations: everything runs there, and only {@code mem:} endpoints work. */
    public static Loops of(EventLoopGroup local) {
        return new Loops(local, local, "simulated", false, Pipes.LOCAL);
    }

    /** The same over a network that is simulated too: what {@code mem:} endpoints dial and listen with. */
    public static Loops of(
            EventLoopGroup local, ChannelFactory<Channel> dialling, ChannelFactory<ServerChannel> listening) {
        return new Loops(local, local, "simulated", false, new Pipes(dialling, listening));
    }

    /** The loops for connections over {@code endpoint}. */
    public EventLoopGroup group(Endpoint endpoint) {
        return endpoint instanceof Endpoint.Memory ? memory : sockets;
    }

    /** The next loop for sockets and timers, in turn. */
    public EventLoop next() {
        return sockets.next();
    }

    /** Whether sockets are epoll's. */
    public boolean epoll() {
        return epoll;
    }

    /** Ends all loops, which closes their channels, without waiting. Idempotent. */
    @Override
    public void close() {
        lookups.shutdown();
        memory.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        sockets.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** For what blocks and is short, such as looking up a name. */
    Executor lookups() {
        return lookups;
    }

    /** What dials such an endpoint. */
    ChannelFactory<Channel> dialling(Endpoint endpoint) {
        if (endpoint instanceof Endpoint.Memory) {
            return pipes.dialling();
        }
        if (endpoint instanceof Endpoint.Unix) {
            return epoll ? EpollDomainSocketChannel::new : NioDomainSocketChannel::new;
        }
        return epoll ? EpollSocketChannel::new : NioSocketChannel::new;
    }

    /** What listens at such an endpoint. */
    ChannelFactory<ServerChannel> listening(Endpoint endpoint) {
        if (endpoint instanceof Endpoint.Memory) {
            return pipes.listening();
        }
        if (endpoint instanceof Endpoint.Unix) {
            return epoll ? EpollServerDomainSocketChannel::new : NioServerDomainSocketChannel::new;
        }
        return epoll ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
    }

    private static int count(int threads) {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
