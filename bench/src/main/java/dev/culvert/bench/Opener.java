package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a client benchmark runs on: one link on which streams to the bench server can be opened. Owned by its event loop. */
final class Opener {
    private static final long CONNECT_SECONDS = 20;

    private final MuxSession session;

    private Opener(MuxSession session) {
        this.session = session;
    }

    /** Connects to the server and waits until streams may be opened. */
    static Opener connect(Wiring wiring) {
        return new Opener(await(wiring.dial(new ClientSession()), CONNECT_SECONDS));
    }

    /** Waits for what must happen within {@code seconds}; anything else ends the process. */
    static <T> T await(CompletableFuture<T> future, long seconds) {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            Conductor.fail(e);
            throw new IllegalStateException(e);
        }
    }

    EventLoop loop() {
        return session.loop();
    }

    MuxSession session() {
        return session;
    }

    MuxStream open(StreamHandler handler) {
        try {
            return session.open(handler);
        } catch (MuxException e) {
            Conductor.fail(e);
            throw new IllegalStateException(e);
        }
    }

    /** A stream of a client is never reset; if its whole session ends, that says why. */
    static void onReset(String what, int code) {
        if (code != ErrorCode.LINK_LOST.number()) {
            Conductor.fail(what + " reset: code " + code);
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
