package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A dial of this node's own through the relay that the embedder's resolver names. Owned by its home loop.
 *
 * <pre>
 * asking    the resolver has the word       an answer: linking; nothing is known: dialling, over the relays joined; failed: over
 * linking   a link on demand comes up       up: dialling; it cannot: over
 * dialling  a {@link Dial} is under way     its result is the result
 * over      the result has been told, or nobody wants it
 * </pre>
 */
final class ResolvedDial implements Dialling {
    private final OwnDials dials;
    private final Resolution resolution;
    private final Address address;
    private final Dial.Request request;
    private final Dial.Result result;
    private final EventLoop home;
    private final Waiter waiter = new Waiter();
    private Resolution.@Nullable Question question;
    private @Nullable LinkConfig linking;
    private @Nullable Dialling dialling;
    private @Nullable Future<?> timer;
    private boolean over;

    /** @param request whose payload this owns until it dials */
    ResolvedDial(OwnDials dials, Resolution resolution, Address address, Dial.Request request, Dial.Result result) {
        this.dials = dials;
        this.resolution = resolution;
        this.address = address;
        this.request = request;
        this.result = result;
        this.home = request.home();
    }

    void start() {
        long deadlineNanos = request.call().deadlineNanos();
        if (deadlineNanos != Long.MAX_VALUE) {
            long leftNanos = deadlineNanos - home.ticker().nanoTime();
            timer = home.schedule(this::onDeadline, leftNanos, TimeUnit.NANOSECONDS);
        }
        question = resolution.ask(address, new Resolution.Answer() {
            @Override
            public void onAnswer(@Nullable LinkConfig link) {
                Hop.to(home, () -> ResolvedDial.this.onAnswer(link));
            }

            @Override
            public void onFailed(Refused refused) {
                Hop.to(home, () -> refuse(refused));
            }
        });
    }

    private void onAnswer(@Nullable LinkConfig link) {
        if (isPast()) {
            return;
        }
        if (link != null) {
            onResolved(link, resolution.links());
        } else if (dials.hasRelays()) {
            leaveTo(dials.start(request, result));
        } else {
            refuse(new Refused(
                    ErrorCode.UNKNOWN_SERVICE,
                    "the resolver knows no relay for '" + address + "'",
                    dials.node(),
                    true,
                    "tell the resolver which relay serves it"));
        }
    }

    private void onResolved(LinkConfig link, DemandLinks links) {
        Peer standing = links.standing(link, dials.relays());
        if (standing != null) {
            leaveTo(dials.start(request, List.of(standing), result));
        } else if (links.isKept(link)) {
            leaveTo(dials.start(request, result));
        } else {
            linking = link;
            links.reach(link, waiter);
        }
    }

    private final class Waiter implements DemandLinks.Waiter {
        @Override
        public void onReached(List<Peer> relays) {
            Hop.to(home, () -> {
                if (!isPast()) {
                    leaveTo(dials.start(request, relays, result));
                }
            });
        }

        @Override
        public void onNotReached(Refused refused) {
            Hop.to(home, () -> refuse(refused));
        }
    }

    /** Whether this has nothing more to decide. */
    private boolean isPast() {
        return over || dialling != null;
    }

    private void leaveTo(Dialling dial) {
        dialling = dial;
        stopTimer();
    }

    private void onDeadline() {
        if (!isPast()) {
            LinkConfig link = linking;
            String text = link == null
                    ? "the resolver did not say in time which relay serves '" + address + "'"
                    : "no link to " + link.relays() + " came up in time for '" + address + "'";
            forget();
            refuse(dials.refused(ErrorCode.DEADLINE, text));
        }
    }

    private void refuse(Refused refused) {
        if (!isPast()) {
            end();
            result.onRefused(refused);
        }
    }

    @Override
    public void cancel(int code) {
        if (dialling != null) {
            dialling.cancel(code);
        } else if (!over) {
            forget();
            end();
        }
    }

    private void forget() {
        if (question != null) {
            question.cancel();
        }
        if (linking != null) {
            resolution.links().forget(linking, waiter);
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
