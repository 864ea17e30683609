package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** What a client benchmark runs on: one link on which streams to the bench server can be opened. Owned by its event loop. */
interface Opener {
    EventLoop loop();

    /**
     * Opens a stream; {@code first} leaves with it. {@code onOpened} is called on the loop when more may be written; any failure
     * ends the process.
     */
    void open(ByteBuf first, StreamHandler handler, Consumer<MuxStream> onOpened);

    /** The link that the options ask for, up. */
    static Opener connect(PeerOptions options) {
        return options.text("node", "no").equals("no")
                ? BareLink.connect(new Wiring(options))
                : NodeLink.connect(options);
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

    /** A stream of a client is never reset; if its whole session ends, that says why. */
    static void onReset(String what, int code) {
        if (code != ErrorCode.LINK_LOST.number()) {
            Conductor.fail(what + " reset: code " + code);
        }
    }
}
