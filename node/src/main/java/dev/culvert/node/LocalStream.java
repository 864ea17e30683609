package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A stream that was dialled for a {@link LocalConnection}, seen from the loop of that connection: calls in both directions happen there.
 * Exactly one of {@link #join()}, {@link #take} and {@link #reset} begins its use.
 */
public final class LocalStream {
    private final Dial.Opened opened;
    private final String node;
    private final Channel near;
    private final Traffic traffic;
    private final LoopStream stream;

    /** @param node that the address names; empty: any */
    LocalStream(Dial.Opened opened, String node, Channel near, Traffic traffic) {
        this.opened = opened;
        this.node = node;
        this.near = near;
        this.traffic = traffic;
        this.stream = LoopStream.dialled(opened, traffic);
    }

    /** Where the service is that has accepted; empty: another relay chose, which does not say. */
    public String node() {
        return opened.exit().trust() == Peer.Trust.RELAY ? node : opened.exit().node();
    }

    /** Joins the stream with the program's connection: bytes, half-close and aborts go both ways until the end. */
    public void join() {
        traffic.open();
        Bridge bridge = new Bridge(opened.stream(), opened.exit().loop(), near, traffic, false);
        Hop.to(opened.exit().loop(), () -> {
            opened.head().take(opened.stream(), bridge.streamSide());
            bridge.start();
        });
    }

    /** From now on the listener is told what the far end says, and has said so far. */
    public void take(LoopStream.Listener listener) {
        stream.take(near.eventLoop(), listener);
    }

    /** As {@link LoopStream#write}. */
    public void write(ByteBuf data) {
        stream.write(data);
    }

    /** As {@link LoopStream#finish}. */
    public void finish() {
        stream.finish();
    }

    /** As {@link LoopStream#reset}. */
    public void reset(ErrorCode code) {
        stream.reset(code.number());
    }

    /** As {@link LoopStream#consumed}. */
    public void consumed(int bytes) {
        stream.consumed(bytes);
    }
}
