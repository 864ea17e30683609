package dev.culvert.node;

import dev.culvert.mux.sim.SimLink;
import dev.culvert.mux.sim.Wire;

/** One connection of a simulation, with what has become of it. Owned by the simulation's thread. */
final class SimCable {
    static final long HEARS = -1;

    final SimNode dialler;
    final SimNode acceptor;
    private final SimLink link;
    private final SimSystem system;
    private long diallerDeafNanos = HEARS;
    private long acceptorDeafNanos = HEARS;
    private boolean over;

    SimCable(SimSystem system, SimNode dialler, SimNode acceptor, SimLink link) {
        this.system = system;
        this.dialler = dialler;
        this.acceptor = acceptor;
        this.link = link;
    }

    /** From now on nothing arrives, and nobody is told. */
    void lose(boolean there, boolean back) {
        if (there) {
            link.loseThere();
            acceptorDeafNanos = since(acceptorDeafNanos);
        }
        if (back) {
            link.loseBack();
            diallerDeafNanos = since(diallerDeafNanos);
        }
    }

    private long since(long before) {
        return before == HEARS ? system.net.nowNanos() : before;
    }

    /** What waited arrives, unless one of the processes is no more. */
    void heal() {
        if (!over) {
            link.heal();
            diallerDeafNanos = HEARS;
            acceptorDeafNanos = HEARS;
        }
    }

    /** The connection is reset: both systems know at once. */
    void cut() {
        lose(true, true);
        over = true;
        link.cut();
    }

    /** One system closes it in order, and its own process learns that. */
    void finish(boolean byDialler) {
        lose(!byDialler, byDialler);
        over = true;
        (byDialler ? link.dialler() : link.acceptor()).close();
    }

    /** A machine has lost its power: silence for ever. */
    void abandon() {
        lose(true, true);
        over = true;
    }

    void wire(Wire wire) {
        link.wire(wire);
    }

    boolean isOpen() {
        return link.dialler().isOpen() || link.acceptor().isOpen();
    }

    boolean joins(SimNode node) {
        return dialler == node || acceptor == node;
    }

    /** Whether one end of a session's channel is this cable's. */
    boolean carries(Peer peer) {
        return peer.mux().channel() == link.dialler() || peer.mux().channel() == link.acceptor();
    }

    /** Since when the end that {@code peer} stands at has heard nothing; {@link #HEARS}: it may hear. */
    long deafNanos(Peer peer) {
        return peer.mux().channel() == link.dialler() ? diallerDeafNanos : acceptorDeafNanos;
    }

    /** Whether one end has heard nothing since before then. */
    boolean isDeafSince(long nanos) {
        return diallerDeafNanos != HEARS && diallerDeafNanos < nanos
                || acceptorDeafNanos != HEARS && acceptorDeafNanos < nanos;
    }

    @Override
    public String toString() {
        return dialler + "-" + acceptor;
    }
}
