package dev.culvert.link.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of one process: for sockets (epoll where it is available, else NIO), and for pipes inside the process. Many nodes
 * may share one. <em>Any thread.</em> Threads are daemons named {@code <name>-<n>} and start with first use.
 */
public final class Loops implements AutoCloseable {
    private final EventLoopGroup sockets;
    private final EventLoopGroup memory;
    private final boolean epoll;

    private Loops(EventLoopGroup sockets, EventLoopGroup memory, boolean epoll) {
        this.sockets = sockets;
        this.memory = memory;
        this.epoll = epoll;
    }

    /** Loops on {@code threads} threads of their own; 0: one per processor. */
    public static Loops start(String name, int threads) {
        return start(name, threads, Epoll.isAvailable());
    }

    static Loops start(String name, int threads, boolean epoll) {
        EventLoopGroup sockets = new MultiThreadIoEventLoopGroup(
                count(threads),
                new DefaultThreadFactory(name, true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        EventLoopGroup memory = new MultiThreadIoEventLoopGroup(
                count(threads), new DefaultThreadFactory(name + "-mem", true), LocalIoHandler.newFactory());
        return new Loops(sockets, memory, epoll);
    }

    /** Loops that the caller drives, for simulations: everything runs there, and only {@code mem:} endpoints work. */
    public static Loops of(EventLoopGroup local) {
        return new Loops(local, local, false);
    }

    /** The loops for connections over {@code endpoint}. */
    public EventLoopGroup group(Endpoint endpoint) {
        return endpoint instanceof Endpoint.Memory ? memory : sockets;
    }

    /** The next loop for sockets and timers, in turn. */
    public EventLoop next() {
        return sockets.next();
    }

    /** Whether sockets are epoll's; Unix domain sockets of Netty need it, others use the JDK's. */
    public boolean epoll() {
        return epoll;
    }

    /** Ends all loops without waiting. Idempotent. */
    @Override
    public void close() {
        memory.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        sockets.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Completes when the threads for sockets have ended. */
    public Future<?> terminated() {
        return sockets.terminationFuture();
    }

    private static int count(int threads) {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
