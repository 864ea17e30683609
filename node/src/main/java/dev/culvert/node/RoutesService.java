package dev.culvert.node;

import dev.culvert.api.ErrorCode;

/** The reserved service {@code $routes}: exchanges routes with a relay that was invited as a router. Any thread. [ROUTE-10] */
final class RoutesService implements LocalService {
    static final String NAME = "$routes";

    private final Switchboard board;
    private final RouteExchange exchange;

    RoutesService(Switchboard board, RouteExchange exchange) {
        this.board = board;
        this.exchange = exchange;
    }

    @Override
    public String target() {
        return "routes";
    }

    @Override
    public void open(Incoming incoming) {
        Peer from = incoming.from();
        if (from.trust() != Peer.Trust.RELAY || from.isUpstream()) {
            incoming.refuse(
                    board.refused(
                            ErrorCode.DENIED,
                            from.node()
                                    + " may not exchange routes (expected: a relay with an invitation made by: culvert invite --router)"));
        } else if (from.node().equals(board.node())) {
            incoming.refuse(board.refused(
                    ErrorCode.NAME_TAKEN, "both relays are called '" + from.node() + "' (give one of them a --name)"));
        } else if (exchange.isDraining()) {
            incoming.refuse(board.refused(ErrorCode.DRAINING, "this relay will go"));
        } else {
            RouteStream stream = new RouteStream(exchange, from, incoming.stream(), () -> {});
            if (incoming.accept(stream)) {
                stream.begin();
            }
        }
    }
}
