package dev.culvert.mux.sim;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/**
 * Two connected channels and the faults between them. Owned by its simulation's thread. Unlike {@code LocalChannel} it has
 * a bounded socket buffer in each direction, so that writability and back-pressure are as on a real connection.
 */
public final class SimLink {
    private final SimChannel dialler;
    private final SimChannel acceptor;
    private final SimWire there;
    private final SimWire back;

    SimLink(SimNet net, Wire wire, SimChannel dialler, SimChannel acceptor) {
        this.dialler = dialler;
        this.acceptor = acceptor;
        there = new SimWire(net, wire, dialler, acceptor);
        back = new SimWire(net, wire, acceptor, dialler);
        dialler.connect(there, back);
        acceptor.connect(back, there);
    }

    /** Both ends new, connected and registered. */
    static SimLink between(SimNet net, Wire wire, EventLoop diallerLoop, EventLoop acceptorLoop) {
        SimLink link = new SimLink(net, wire, new SimChannel(net, "dialler"), new SimChannel(net, "acceptor"));
        diallerLoop.register(link.dialler);
        acceptorLoop.register(link.acceptor);
        net.runDue();
        return link;
    }

    public Channel dialler() {
        return dialler;
    }

    public Channel acceptor() {
        return acceptor;
    }

    /** Changes both directions for bytes that are written from now on. */
    public void wire(Wire wire) {
        there.wire(wire);
        back.wire(wire);
    }

    /** Silent loss both ways: bytes fill the socket buffers and arrive nowhere, and no end of the connection is seen. */
    public void lose() {
        loseThere();
        loseBack();
    }

    /** Silent loss from the dialler to the acceptor only. */
    public void loseThere() {
        there.lose();
    }

    /** Silent loss from the acceptor to the dialler only. */
    public void loseBack() {
        back.lose();
    }

    /** The path is back: what waited in the buffers arrives. */
    public void heal() {
        there.heal();
        back.heal();
    }

    /** A reset of the connection: both ends learn now, what is on the way is lost. */
    public void cut() {
        there.drop();
        back.drop();
        dialler.closeNow();
        acceptor.closeNow();
    }

    /** Bytes that have arrived at the acceptor and were read. */
    public long bytesThere() {
        return there.bytesRead();
    }

    /** Bytes that have arrived at the dialler and were read. */
    public long bytesBack() {
        return back.bytesRead();
    }

    /** Bytes between the two ends, in both directions: written and not yet read. */
    public long bytesInFlight() {
        return there.occupied() + (long) back.occupied();
    }
}
