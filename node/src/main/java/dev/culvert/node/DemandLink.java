package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.DrainPlan;
import dev.culvert.link.Link;
import dev.culvert.link.LinkListener;
import dev.culvert.link.LinkSet;
import dev.culvert.link.Session;
import dev.culvert.link.proto.RegisterResult;
import dev.culvert.link.proto.Withdrawn;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One link, or one to each of a few relays of which any will do, that exists because somebody dials. Owned by one loop.
 *
 * <pre>
 * linking   dials wait                  one relay is up: up; all have failed: over, and the dials are told
 * up        dials take it               no stream for a while, or all relays lost or leaving: over
 * over      another dial begins another
 * </pre>
 *
 * Nothing is registered over it, so relays have no answers to give.
 */
final class DemandLink implements Uplinks, LinkListener {
    /** What may still be under way when it is left. */
    private static final DrainPlan LEAVE = DrainPlan.within(60_000);

    private final EventLoop loop;
    private final RelayPlace place;
    private final LinkSide side;
    private final long idleNanos;
    private final List<Peer> up = new ArrayList<>();
    private final Set<DemandLinks.Waiter> waiters = new LinkedHashSet<>();
    private int hopes;
    private @Nullable LinkSet set;
    private Runnable onOver = () -> {};
    private long lastUseNanos;
    private boolean over;

    /** @param relays so many are tried */
    DemandLink(EventLoop loop, RelayPlace place, LinkSide side, long idleMillis, int relays) {
        this.loop = loop;
        this.place = place;
        this.side = side;
        this.idleNanos = TimeUnit.MILLISECONDS.toNanos(idleMillis);
        this.hopes = relays;
    }

    /** On the loop, before anything that is told about {@code newSet}. */
    void start(LinkSet newSet, Runnable whenOver) {
        set = newSet;
        onOver = whenOver;
        side.add(newSet);
    }

    boolean leadsTo(RelayPlace wanted) {
        return place.meets(wanted);
    }

    /** Whether a dial needs another. */
    boolean isSpent() {
        if (!over && !up.isEmpty() && relays().isEmpty()) {
            leave();
        }
        return over;
    }

    void add(DemandLinks.Waiter waiter) {
        lastUseNanos = now();
        if (up.isEmpty()) {
            waiters.add(waiter);
        } else {
            waiter.onReached(relays());
        }
    }

    void remove(DemandLinks.Waiter waiter) {
        waiters.remove(waiter);
    }

    private List<Peer> relays() {
        return up.stream().filter(Peer::isUp).toList();
    }

    @Override
    public void onUp(Peer peer, String relay, List<RegisterResult> results) {
        Hop.to(loop, () -> {
            up.add(peer);
            if (up.size() == 1) {
                lastUseNanos = now();
                lookLater(idleNanos);
            }
            List<DemandLinks.Waiter> told = List.copyOf(waiters);
            waiters.clear();
            told.forEach(waiter -> waiter.onReached(List.of(peer)));
        });
    }

    @Override
    public void onDown(Peer peer) {
        Hop.to(loop, () -> {
            if (up.remove(peer) && up.isEmpty()) {
                leave();
            }
        });
    }

    private void lookLater(long nanos) {
        loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    /** Whether it is idle. */
    private void look() {
        if (over) {
            return;
        }
        if (up.stream().anyMatch(peer -> peer.mux().openStreams() > 0)) {
            lastUseNanos = now();
        }
        long leftNanos = lastUseNanos + idleNanos - now();
        if (leftNanos <= 0) {
            leave();
        } else {
            lookLater(leftNanos);
        }
    }

    /** Ends it; who waits is told why. */
    void end(Refused why) {
        List<DemandLinks.Waiter> told = List.copyOf(waiters);
        waiters.clear();
        leave();
        told.forEach(waiter -> waiter.onNotReached(why));
    }

    private void leave() {
        if (!over) {
            over = true;
            onOver.run();
            Objects.requireNonNull(set, "not started").drain(LEAVE);
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    @Override
    public void onConnecting(Link link, long attempt) {
        side.onConnecting(link, attempt);
    }

    @Override
    public void onStep(Link link, String step, String detail, long nanos) {
        side.onStep(link, step, detail, nanos);
    }

    @Override
    public void onUp(Link link, Session session) {
        side.onUp(link, session);
    }

    /** Where the relay has it move to another session: failures are for good. */
    @Override
    public void onRetry(Link link, ErrorCode code, String reason, long delayNanos) {}

    @Override
    public void onRefused(Link link, ErrorCode code, String reason) {
        side.tellRefused(link, code, reason);
        Hop.to(loop, () -> {
            hopes--;
            if (hopes == 0 && up.isEmpty() && !over) {
                end(Refused.ofLink(link.target().toString(), code, reason, step(code)));
            }
        });
    }

    private static String step(ErrorCode code) {
        return code.retryHelps()
                ? "check that the relay runs and can be reached, then try again"
                : "give the resolver another join string: culvert invite";
    }

    @Override
    public void onEnded(Link link) {
        Hop.to(loop, () -> {
            String relay = link.target().toString();
            LinkSet whole = Objects.requireNonNull(set, "not started");
            if (whole.links().stream().allMatch(left -> left == link)) {
                side.remove(whole, relay);
            } else {
                side.forget(relay);
            }
        });
    }

    /** Nothing is registered. */
    @Override
    public void onResult(Peer peer, RegisterResult result) {}

    /** Nothing is registered. */
    @Override
    public void onWithdrawn(Peer peer, Withdrawn message) {}
}
