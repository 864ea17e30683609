package dev.culvert.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notices two processes that take one name from each other again and again. Owned by the registry. [CTRL-14]
 *
 * <p>Bounded: an entry is forgotten within two minutes after its last takeover.
 */
final class Takeovers {
    static final int PER_MINUTE = 3;
    static final long MINUTE_NANOS = 60_000_000_000L;

    private final Map<Key, Deque<Long>> times = new HashMap<>();
    private final Map<Key, Long> blocked = new HashMap<>();
    private long sweepNanos;

    private record Key(String namespace, String principal, String node) {
        static Key of(Member member) {
            return new Key(member.namespace(), member.principal().id(), member.node());
        }
    }

    /** Counts one, and says whether it may go on; if not, the name is blocked for a minute. */
    boolean permit(long nowNanos, Member member) {
        Key key = Key.of(member);
        forget(nowNanos, key);
        Deque<Long> recent = times.computeIfAbsent(key, k -> new ArrayDeque<>());
        recent.addLast(nowNanos);
        if (recent.size() <= PER_MINUTE) {
            return true;
        }
        times.remove(key);
        blocked.put(key, nowNanos + MINUTE_NANOS);
        return false;
    }

    /** For how long nobody gets this node's names; 0: not blocked. */
    long blockedNanos(long nowNanos, Member member) {
        Key key = Key.of(member);
        forget(nowNanos, key);
        return blocked.getOrDefault(key, nowNanos) - nowNanos;
    }

    private void forget(long nowNanos, Key key) {
        if (nowNanos >= sweepNanos) {
            sweepNanos = nowNanos + MINUTE_NANOS;
            List.copyOf(times.keySet()).forEach(each -> forgetOne(nowNanos, each));
            blocked.values().removeIf(until -> until <= nowNanos);
        }
        forgetOne(nowNanos, key);
    }

    private void forgetOne(long nowNanos, Key key) {
        if (blocked.getOrDefault(key, Long.MAX_VALUE) <= nowNanos) {
            blocked.remove(key);
        }
        Deque<Long> recent = times.get(key);
        while (recent != null && !recent.isEmpty() && recent.getFirst() <= nowNanos - MINUTE_NANOS) {
            recent.removeFirst();
        }
        if (recent != null && recent.isEmpty()) {
            times.remove(key);
        }
    }
}
