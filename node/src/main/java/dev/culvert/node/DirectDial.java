package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A dial over a direct link, and over a relay if that does not open the stream. Owned by its home loop. [DIRECT-8]
 *
 * <pre>
 * direct    a {@link Dial} over the direct link      opened, or refused for what no relay can help: over; else: relayed
 * relayed   a dial as if there were no direct link   its result is the result
 * over      the result has been told, or nobody wants it
 * </pre>
 */
final class DirectDial implements Dialling, Dial.Result {
    /** After so long without an answer the link is asked whether it lives, and after as long again it is taken for dead. */
    private static final long QUIET_MILLIS = 750;

    private final DirectWays ways;
    private final DirectWays.Ready ready;
    private final Address address;
    private final Dial.Request request;
    private final Dial.Result result;
    private @Nullable Dialling direct;
    private @Nullable Dialling relayed;
    private @Nullable Future<?> timer;
    private boolean over;

    /** @param request whose payload this owns until it is relayed */
    DirectDial(DirectWays ways, DirectWays.Ready ready, Address address, Dial.Request request, Dial.Result result) {
        this.ways = ways;
        this.ready = ready;
        this.address = address;
        this.request = request;
        this.result = result;
    }

    void start() {
        ByteBuf first = request.payload().retainedDuplicate();
        Call call = request.call().with(DirectDesk.TICKET, ready.ticket());
        Dial.Request own = new Dial.Request(call, null, request.home(), first);
        if (isSafe()) {
            timer = request.home().schedule(this::onQuiet, QUIET_MILLIS, TimeUnit.MILLISECONDS);
        }
        direct = ways.dials().start(own, List.of(ready.peer()), this);
    }

    /** Whether the same may be said twice. */
    private boolean isSafe() {
        return !request.payload().isReadable() || request.call().open().getReplaySafe();
    }

    /** The service may take its time; a link that is gone without a word answers no ping either. */
    private void onQuiet() {
        Peer peer = ready.peer();
        Hop.to(
                peer.loop(),
                () -> peer.mux().ping(nanos -> {
                    if (nanos >= 0) {
                        Hop.to(request.home(), this::onAlive);
                    }
                }));
        timer = request.home().schedule(this::onDead, QUIET_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void onAlive() {
        if (!over && relayed == null) {
            stopTimer();
        }
    }

    private void onDead() {
        if (!over && relayed == null) {
            if (direct != null) {
                direct.cancel(ErrorCode.CANCELLED.number());
            }
            ways.onDead(ready);
            relay();
        }
    }

    @Override
    public void onOpened(Dial.Opened opened) {
        end();
        result.onOpened(opened);
    }

    @Override
    public void onRefused(Refused refused) {
        if ((refused.notDelivered() || isSafe()) && refused.worthAnother()) {
            ways.onRefused(request.call().key(), ready);
            relay();
        } else {
            end();
            result.onRefused(refused);
        }
    }

    private void relay() {
        stopTimer();
        relayed = ways.relayed(address, request, result);
    }

    @Override
    public void cancel(int code) {
        if (over) {
            return;
        }
        if (relayed != null) {
            relayed.cancel(code);
        } else {
            end();
            if (direct != null) {
                direct.cancel(code);
            }
        }
    }

    private void end() {
        over = true;
        request.payload().release();
        stopTimer();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
