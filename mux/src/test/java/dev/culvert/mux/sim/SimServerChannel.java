package dev.culvert.mux.sim;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening end in {@link SimPorts}. Owned by its event loop, which the simulation drives. */
final class SimServerChannel extends AbstractServerChannel {
    private final SimPorts ports;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private @Nullable SocketAddress address;
    private boolean open = true;

    SimServerChannel(SimPorts ports) {
        this.ports = ports;
    }

    @Override
    protected void doBind(SocketAddress local) throws BindException {
        ports.bind(local, this);
        address = local;
    }

    @Override
    protected void doBeginRead() {
        // connections are handed over as they come
    }

    @Override
    protected void doClose() {
        open = false;
        ports.unbind(this);
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SimLoop;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return address;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && address != null;
    }
}
