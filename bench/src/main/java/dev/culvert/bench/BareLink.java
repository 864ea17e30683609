package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** A session of the multiplexer and nothing above it. Owned by its event loop. */
record BareLink(MuxSession session) implements Opener {
    private static final long CONNECT_SECONDS = 20;

    static BareLink connect(Wiring wiring) {
        return new BareLink(Opener.await(wiring.dial(new ClientSession()), CONNECT_SECONDS));
    }

    @Override
    public EventLoop loop() {
        return session.loop();
    }

    @Override
    public void open(ByteBuf first, StreamHandler handler, Consumer<MuxStream> onOpened) {
        try {
            MuxStream stream = session.open(handler);
            stream.write(first);
            onOpened.accept(stream);
        } catch (MuxException e) {
            Conductor.fail(e);
        }
    }

    /** A session of a client never ends before its process. <em>Stateless.</em> */
    private static final class ClientSession implements SessionHandler {
        @Override
        public StreamHandler onOpen(MuxStream stream) {
            return new HoldingHandler();
        }

        @Override
        public void onClosed(MuxSession session, ErrorCode code, String reason) {
            if (code != ErrorCode.OK) {
                Conductor.fail("session ended: " + code + ": " + reason);
            }
        }
    }
}
