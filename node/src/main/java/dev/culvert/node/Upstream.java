package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.LinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The relays that this node is linked to now, and who waits for one. Any thread. */
final class Upstream {
    private final List<Peer> up = new CopyOnWriteArrayList<>();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger expected = new AtomicInteger();
    private volatile boolean ended;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Refused lastRefusal;
    private volatile @Nullable Refused lastFailure;

    /** Relays in whose sessions streams may be opened. A snapshot. */
    List<Peer> peers() {
        return up;
    }

    /** So many links are kept and may come up. */
    void expect(int links) {
        expected.set(links);
    }

    /** One more link may come up, which is given once. */
    void expectOneMore() {
        expected.incrementAndGet();
    }

    /** It was closed. */
    void expectOneLess() {
        expected.decrementAndGet();
        wake();
    }

    /** Whether a link may come up, while none is up now. */
    boolean isExpected() {
        return expected.get() > 0 && !isUp();
    }

    boolean isUp() {
        for (Peer peer : up) {
            if (peer.isUp()) {
                return true;
            }
        }
        return false;
    }

    /** Hears of each relay that comes and goes. On the registrar's loop. */
    interface Observer {
        void onUp(Peer peer);

        void onDown(Peer peer);
    }

    /** Before the first link. */
    void observe(Observer observer) {
        observers.add(observer);
    }

    void onUp(Peer peer) {
        up.add(peer);
        observers.forEach(observer -> observer.onUp(peer));
        wake();
    }

    void onDown(Peer peer) {
        up.remove(peer);
        observers.forEach(observer -> observer.onDown(peer));
    }

    /** A relay refused for good: one link less to expect. */
    void onRefused(String relay, ErrorCode code, String text) {
        lastRefusal = Refused.here(relay, code, text);
        expected.decrementAndGet();
        wake();
    }

    /** The node is closed: no link will come up any more. */
    void end() {
        ended = true;
        expected.set(0);
        wake();
    }

    boolean isEnded() {
        return ended;
    }

    void onRetry(ErrorCode code, String relay, String reason) {
        lastFailure = Refused.here(relay, code, reason);
    }

    /** Runs once, at the next change. The result takes the wish back. */
    Runnable onNextUp(Runnable task) {
        waiting.add(task);
        if (!isExpected() && waiting.remove(task)) {
            task.run();
        }
        return () -> waiting.remove(task);
    }

    /**
     * Blocks until a link is up.
     *
     * @param node this one, for the error
     * @throws LinkException none came up in time, or none will
     */
    void await(Duration timeout, String node) throws IOException {
        CompletableFuture<Void> changed = new CompletableFuture<>();
        Runnable takeBack = onNextUp(() -> changed.complete(null));
        boolean inTime = Waits.on(changed, timeout);
        takeBack.run();
        if (isUp()) {
            return;
        }
        Refused refusal = expected.get() <= 0 ? lastRefusal : null;
        if (refusal != null) {
            throw new LinkException(
                    refusal.code(), refusal.hop(), refusal.text(), "ask for a new invitation: culvert invite");
        }
        Refused failure = lastFailure;
        throw failure == null || inTime
                ? new LinkException(
                        ErrorCode.NO_ROUTE,
                        node,
                        "no link is configured or none came up in time",
                        "check the join string")
                : lost(failure);
    }

    private static LinkException lost(Refused failure) {
        Refused told = Refused.ofLink(
                failure.hop(), failure.code(), failure.text(), "check that the relay runs and can be reached");
        return new LinkException(told.code(), told.hop(), told.text(), told.step());
    }

    private void wake() {
        for (Runnable task : new ArrayList<>(waiting)) {
            if (waiting.remove(task)) {
                task.run();
            }
        }
    }
}
