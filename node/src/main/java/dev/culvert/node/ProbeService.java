package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.StreamOpen;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;

/**
 * The reserved service {@code $probe}: opens a stream back to a service that the asking session has registered, as for a caller, and answers
 * what came of it. So a node knows that its service is reached before it says so. Any thread. [OPEN-15]
 */
final class ProbeService implements LocalService {
    static final String NAME = "$probe";

    private final Switchboard board;
    private final RouteTable table;

    ProbeService(Switchboard board, RouteTable table) {
        this.board = board;
        this.table = table;
    }

    @Override
    public String target() {
        return "probe";
    }

    @Override
    public void open(Incoming incoming) {
        Peer from = incoming.from();
        NameKey key;
        try {
            key = key(from, incoming.call().open().getHeadersMap());
        } catch (NumberFormatException e) {
            incoming.refuse(board.refused(ErrorCode.PROTOCOL, "port: " + e.getMessage() + " (expected: a number)"));
            return;
        }
        List<Route> routes = table.find(key);
        boolean own = routes != null
                && routes.stream().anyMatch(route -> route.member().exit() == from);
        if (!own) {
            incoming.refuse(board.refused(ErrorCode.NO_ROUTE, "'" + key + "' does not lead to who asks"));
            return;
        }
        StreamOpen open = StreamOpen.newBuilder()
                .setService(key.service())
                .setPort(key.port())
                .setNode(key.node())
                .setNamespace(key.namespace())
                .setPrincipal(from.principal().id())
                .setDeadlineMillis(incoming.call().open().getDeadlineMillis())
                .putHeaders(Probe.HEADER, "1")
                .build();
        Call call = new Call(open, key, incoming.call().deadlineNanos());
        Dial dial = board.dialer()
                .prepare(new Dial.Request(call, null, from.loop(), Unpooled.EMPTY_BUFFER), new Answer(incoming));
        incoming.onGone(() -> dial.cancel(ErrorCode.CANCELLED.number()));
        dial.start(new Router.Found(List.of(from), () -> board.refused(ErrorCode.NO_ROUTE, "the link went down")));
    }

    private static NameKey key(Peer from, Map<String, String> headers) {
        String service = headers.getOrDefault(Probe.SERVICE, "");
        int port = service.isEmpty() ? Integer.parseUnsignedInt(headers.getOrDefault(Probe.PORT, "0")) : 0;
        return new NameKey(from.scope().namespace(), from.node(), service, port);
    }

    /** On the loop of the session, which is that of both streams. */
    private record Answer(Incoming incoming) implements Dial.Result {
        @Override
        public void onOpened(Dial.Opened opened) {
            opened.stream().finish();
            opened.head().take(opened.stream(), Discard.started(opened.exit(), opened.stream()));
            Probe.accept(incoming);
        }

        @Override
        public void onRefused(Refused refused) {
            incoming.refuse(refused);
        }
    }
}
