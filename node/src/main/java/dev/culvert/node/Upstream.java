package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    /** The last refusal for good, task no link is expected any more; else null. */
    @Nullable
    Refused refusal() {
        return expected.get() <= 0 ? lastRefusal : null;
    }

    /** Why the last attempt failed; null if none did. */
    @Nullable
    Refused lastFailure() {
        return lastFailure;
    }

    /** Runs once, at the next change. The result takes the wish back. */
    Runnable onNextUp(Runnable task) {
        waiting.add(task);
        if (!isExpected() && waiting.remove(task)) {
            task.run();
        }
        return () -> waiting.remove(task);
    }

    private void wake() {
        for (Runnable task : new ArrayList<>(waiting)) {
            if (waiting.remove(task)) {
                task.run();
            }
        }
    }
}
