package dev.culvert.mux.sim;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One end of a {@link SimLink}: connected from the start, or by an address that somebody listens at in {@link SimPorts}. Owned by its event
 * loop, which the simulation drives.
 */
final class SimChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final int READS_PER_TURN = 16;

    private final SimNet net;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final SocketAddress address;
    private final @Nullable SimPorts ports;
    private @Nullable SimWire out;
    private @Nullable SimWire in;
    private boolean open = true;
    private boolean readPending;
    private boolean readScheduled;
    private boolean writeScheduled;

    SimChannel(SimNet net, String name) {
        this(net, name, null);
    }

    /** @param ports where {@code connect} looks for who listens; null: it is connected otherwise */
    SimChannel(SimNet net, String name, @Nullable SimPorts ports) {
        this(net, null, name, ports);
    }

    /** An end that a listening channel has accepted. */
    SimChannel(SimNet net, @Nullable Channel parent, String name, @Nullable SimPorts ports) {
        super(parent, net.channelId());
        this.net = net;
        this.address = new LocalAddress(name);
        this.ports = ports;
        config.setAllocator(net.alloc());
    }

    void connect(SimWire outbound, SimWire inbound) {
        out = outbound;
        in = inbound;
    }

    /** Something arrived: read it, if anybody has asked. */
    void readable() {
        if (readPending && !readScheduled) {
            readScheduled = true;
            eventLoop().execute(this::readTurn);
        }
    }

    /** The receiver has read: what was flushed and did not fit can go on. */
    void roomToWrite() {
        if (!writeScheduled && open && isRegistered()) {
            writeScheduled = true;
            eventLoop().execute(this::writeTurn);
        }
    }

    void closeNow() {
        if (open) {
            eventLoop().execute(() -> unsafe().close(voidPromise()));
        }
    }

    private void readTurn() {
        readScheduled = false;
        if (!readPending || !open) {
            return;
        }
        readPending = false;
        boolean any = false;
        for (int i = 0; i < READS_PER_TURN && open; i++) {
            ByteBuf piece = wire(in).read();
            if (piece == null) {
                break;
            }
            any = true;
            pipeline().fireChannelRead(piece);
        }
        if (any) {
            pipeline().fireChannelReadComplete();
        }
        if (open && wire(in).endReached()) {
            unsafe().close(voidPromise());
        } else if (!any) {
            readPending = true;
        }
    }

    private void writeTurn() {
        writeScheduled = false;
        if (open) {
            ((SimUnsafe) unsafe()).resume();
        }
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        readable();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer pending) {
        for (Object message = pending.current(); message != null; message = pending.current()) {
            ByteBuf data = (ByteBuf) message;
            int taken = wire(out).write(data);
            if (taken < data.readableBytes()) {
                pending.removeBytes(taken);
                return;
            }
            pending.remove();
        }
    }

    @Override
    protected void doClose() {
        open = false;
        if (out != null) {
            out.end();
            wire(in).drop();
        }
    }

    /** Hands to the simulation what handlers throw and nobody catches. */
    @Override
    protected DefaultChannelPipeline newChannelPipeline() {
        return new DefaultChannelPipeline(this) {
            @Override
            protected void onUnhandledInboundException(Throwable cause) {
                net.fail(cause);
            }
        };
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new SimUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SimLoop;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a simulated channel is connected from the start");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && out != null;
    }

    private static SimWire wire(@Nullable SimWire wire) {
        if (wire == null) {
            throw new IllegalStateException("not connected");
        }
        return wire;
    }

    private final class SimUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            if (ports == null) {
                promise.setFailure(new UnsupportedOperationException("connected from the start"));
            } else {
                ports.connect(SimChannel.this, address, remote, promise);
            }
        }

        void resume() {
            flush0();
        }
    }
}
