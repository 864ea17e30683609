package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The server of all benchmarks on the bare multiplexer. Any thread; its streams belong to their sessions' loops. */
final class BenchServer implements SessionHandler {
    private final Wiring wiring;
    private final Set<MuxSession> sessions = ConcurrentHashMap.newKeySet();
    private final StreamHandler commands = new CommandHandler(Memory::figures);

    BenchServer(Wiring wiring) {
        this.wiring = wiring;
    }

    static void run(PeerOptions options) {
        Wiring wiring = new Wiring(options);
        BenchServer server = new BenchServer(wiring);
        Conductor conductor = new Conductor();
        conductor.ready("port=" + wiring.listen(server::accept));
        conductor.obey(Map.of("mem", server::figures, "drop", () -> "dropped"));
    }

    @Override
    public StreamHandler onOpen(MuxStream stream) {
        return commands;
    }

    @Override
    public void onClosed(MuxSession session, ErrorCode code, String reason) {
        sessions.remove(session);
        if (code == ErrorCode.PROTOCOL) {
            System.err.println("session ended: " + reason);
        }
    }

    private void accept(Channel channel) {
        sessions.add(wiring.accept(channel, this));
    }

    private String figures() {
        int streams = 0;
        for (MuxSession session : sessions) {
            streams += session.loop()
                    .submit(session::openStreams)
                    .syncUninterruptibly()
                    .getNow();
        }
        return "mem " + Memory.figures() + " streams=" + streams + " links=" + sessions.size();
    }
}
