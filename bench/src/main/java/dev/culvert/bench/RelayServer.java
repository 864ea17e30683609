package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.Splice;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A relay of nothing but the multiplexer: what is opened by the dialler of a link is opened again at the next server and spliced.
 * Any thread; each session and the one it leads to share an event loop.
 */
final class RelayServer {
    private final Wiring wiring;
    private final int nextPort;
    private final Set<MuxSession> onward = ConcurrentHashMap.newKeySet();

    private RelayServer(Wiring wiring, int nextPort) {
        this.wiring = wiring;
        this.nextPort = nextPort;
    }

    static void run(PeerOptions options) {
        Wiring wiring = new Wiring(options);
        RelayServer relay = new RelayServer(wiring, options.number("next", 0));
        Conductor conductor = new Conductor();
        conductor.ready("port=" + wiring.listen(relay::accept));
        conductor.obey(Map.of("mem", relay::figures, "drop", () -> "dropped"));
    }

    private void accept(Channel channel) {
        channel.config().setAutoRead(false);
        wiring.connect(channel.eventLoop(), nextPort, next -> {
            MuxSession session = wiring.dial(next, new Onward());
            onward.add(session);
            wiring.accept(channel, new Inward(session));
            channel.config().setAutoRead(true);
        });
    }

    private String figures() {
        int pairs = 0;
        for (MuxSession session : onward) {
            pairs += session.loop()
                    .submit(session::openStreams)
                    .syncUninterruptibly()
                    .getNow();
        }
        return "mem " + Memory.figures() + " streams=" + pairs + " links=" + onward.size();
    }

    /** The session that the caller dialled. Owned by its event loop. */
    private record Inward(MuxSession onward) implements SessionHandler {
        @Override
        public StreamHandler onOpen(MuxStream stream) {
            return new Joining(onward);
        }

        @Override
        public void onClosed(MuxSession session, ErrorCode code, String reason) {
            onward.close(ErrorCode.OK, "the other leg has ended");
        }
    }

    /** The session that leads on. Owned by its event loop. */
    private final class Onward implements SessionHandler {
        @Override
        public StreamHandler onOpen(MuxStream stream) {
            return new HoldingHandler();
        }

        @Override
        public void onClosed(MuxSession session, ErrorCode code, String reason) {
            onward.remove(session);
        }
    }

    /** Waits for the first bytes of a stream and joins it with one that leads on. Owned by the session's event loop. */
    private record Joining(MuxSession onward) implements StreamHandler {
        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            try {
                MuxStream next = onward.open(new HoldingHandler());
                int bytes = data.readableBytes();
                next.write(data);
                stream.consumed(bytes);
                Splice.join(stream, next);
            } catch (MuxException e) {
                Conductor.fail(e);
            }
        }

        @Override
        public void onFinish(MuxStream stream) {
            stream.finish();
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            Conductor.fail("a stream was reset before it was joined: code " + code);
        }
    }
}
