package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import java.util.concurrent.Executor;

/**
 * The reserved service {@code $direct}: leads wherever the headers {@code host} and {@code port} say, for this node's own local entries
 * that may reach hosts outside Culvert. It is offered by a node that has such an entry, and to nobody but itself. Any thread.
 */
final class DirectService implements LocalService {
    static final String NAME = "$direct";
    static final String HOST = "host";
    static final String PORT = "port";

    private final Switchboard board;
    private final Sockets sockets;
    private final Executor blocking;
    private final NodeLimits limits;

    DirectService(Switchboard board, Sockets sockets, Executor blocking, NodeLimits limits) {
        this.board = board;
        this.sockets = sockets;
        this.blocking = blocking;
        this.limits = limits;
    }

    @Override
    public String target() {
        return "direct";
    }

    @Override
    public void open(Incoming incoming) {
        if (incoming.from().trust() != Peer.Trust.SELF) {
            incoming.refuse(board.refused(ErrorCode.DENIED, "'" + NAME + "' is for this node itself"));
            return;
        }
        Target.Tcp target;
        try {
            var headers = incoming.call().open().getHeadersMap();
            target = new Target.Tcp(headers.getOrDefault(HOST, ""), Integer.parseInt(headers.getOrDefault(PORT, "")));
        } catch (IllegalArgumentException e) {
            incoming.refuse(board.refused(ErrorCode.PROTOCOL, "'" + NAME + "': " + e.getMessage()));
            return;
        }
        TargetService.Way way = new TargetService.Way(target, TargetGreeting.NONE);
        new TargetService(board, sockets, blocking, way, limits).open(incoming);
    }
}
