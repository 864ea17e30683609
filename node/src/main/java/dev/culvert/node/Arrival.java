package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.StreamOpen;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;

/**
 * A caller who waits to be accepted or refused by a service of this node. Any thread, until it is; the caller's own patience bounds the
 * wait, so who keeps arrivals in a line bounds their number, and asks to be told when one {@linkplain #onGone has gone}.
 */
public final class Arrival {
    private final Incoming incoming;
    private final Switchboard board;
    private final StreamOpen open;
    private final EventLoop home;

    /** On the stream's loop. */
    Arrival(Incoming incoming, Switchboard board) {
        this.incoming = incoming;
        this.board = board;
        this.open = incoming.call().open();
        this.home = incoming.stream().session().loop();
    }

    /** The name that was dialled. */
    public Address address() {
        return new Address(open.getNode(), open.getService(), open.getPort(), open.getNamespace());
    }

    /** Who the caller is, as the last relay proved it. */
    public String principal() {
        return open.getPrincipal();
    }

    /** What the caller sent along when it dialled. */
    public Map<String, String> headers() {
        return open.getHeadersMap();
    }

    /** Accepts. The listener is told of the stream on {@code near}; of CANCELLED, if the caller has gone. */
    public LoopStream accept(EventExecutor near, LoopStream.Listener listener) {
        LoopStream stream = LoopStream.called(incoming, board.traffic());
        stream.take(near, listener);
        return stream;
    }

    /** The caller is told why; nothing reached the service. Harmless once it is accepted or has gone. */
    public void refuse(ErrorCode code, String text) {
        Hop.to(home, () -> incoming.refuse(board.refused(code, text)));
    }

    /** The task runs, on a loop of the node's, when the caller goes before it is accepted. To be said when it arrives. */
    public void onGone(Runnable task) {
        incoming.onGone(task);
    }
}
