package dev.culvert.mux.sim;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.local.LocalAddress;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The addresses of a simulated network, so that code which binds and connects by itself runs on {@link SimLink}s. Owned by the simulation's
 * thread. A connect takes one round trip of the wire that it gets.
 */
public final class SimPorts {
    private final SimNet net;
    private final Lines lines;
    private final Map<SocketAddress, SimServerChannel> listening = new HashMap<>();

    SimPorts(SimNet net, Lines lines) {
        this.net = net;
        this.lines = lines;
    }

    /** Which line a connection gets, and who hears of it. */
    public interface Lines {
        /** @param from the name given to {@link #dialling}; {@code to} the address */
        Wire wire(String from, String to);

        /** Whether an attempt that has come so far is answered; else it is refused. */
        boolean reaches(String from, String to);

        /** A connection was made. */
        void onLink(String from, String to, SimLink link);
    }

    /** Makes channels that connect in the name of {@code from}. */
    public ChannelFactory<Channel> dialling(String from) {
        return () -> new SimChannel(net, from, this);
    }

    /** Makes channels that listen. */
    public ChannelFactory<ServerChannel> listening() {
        return () -> new SimServerChannel(this);
    }

    void bind(SocketAddress address, SimServerChannel channel) throws BindException {
        if (listening.putIfAbsent(address, channel) != null) {
            throw new BindException("address already in use: " + address);
        }
    }

    void unbind(SimServerChannel channel) {
        listening.values().remove(channel);
    }

    void connect(SimChannel from, SocketAddress own, SocketAddress to, ChannelPromise promise) {
        Wire wire = lines.wire(name(own), name(to));
        Runnable answer = () -> {
            try {
                answer(from, name(own), to, wire, promise);
            } catch (RuntimeException e) {
                net.fail(e);
            }
        };
        from.eventLoop().schedule(answer, 2 * wire.delayNanos(), TimeUnit.NANOSECONDS);
    }

    private void answer(SimChannel from, String own, SocketAddress to, Wire wire, ChannelPromise promise) {
        SimServerChannel server = listening.get(to);
        if (!from.isOpen() || promise.isDone()) {
            return;
        }
        if (server == null || !server.config().isAutoRead() || !lines.reaches(own, name(to))) {
            promise.tryFailure(new ConnectException("connection refused: " + name(to)));
            from.unsafe().close(from.voidPromise());
            return;
        }
        SimChannel accepted = new SimChannel(net, server, own, null);
        SimLink link = new SimLink(net, wire, from, accepted);
        net.add(link);
        lines.onLink(own, name(to), link);
        server.pipeline().fireChannelRead(accepted).fireChannelReadComplete();
        promise.trySuccess();
        from.pipeline().fireChannelActive();
    }

    private static String name(SocketAddress address) {
        return ((LocalAddress) address).id();
    }
}
