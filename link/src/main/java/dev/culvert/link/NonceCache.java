package dev.culvert.link;

import dev.culvert.policy.Principal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The nonces of authenticated Hellos, so that none counts twice. Any thread. [LINK-22]
 *
 * <p>A nonce is kept for at least as long as its Hello's time may be off. Bounded in all and per principal, so that one that connects
 * in a storm cannot push out the others'; what does not fit is refused, never forgotten.
 */
final class NonceCache {
    private final long keepMillis;
    private final int perPrincipal;
    private final int inAll;
    private final ReentrantLock lock = new ReentrantLock();
    private Generation current = new Generation();
    private Generation previous = new Generation();
    private long turnedMillis;

    /** @param keepMillis how long a Hello that was accepted could be accepted again: twice the tolerance of clocks */
    NonceCache(long keepMillis, int perPrincipal, int inAll, long nowMillis) {
        this.keepMillis = keepMillis;
        this.perPrincipal = perPrincipal;
        this.inAll = inAll;
        this.turnedMillis = nowMillis;
    }

    enum Answer {
        FRESH,
        REPLAYED,
        FULL
    }

    Answer add(Principal principal, byte[] nonce, long nowMillis) {
        Nonce key = new Nonce(nonce);
        lock.lock();
        try {
            maybeTurn(nowMillis);
            if (current.nonces.contains(key) || previous.nonces.contains(key)) {
                return Answer.REPLAYED;
            }
            return current.add(principal, key, perPrincipal, inAll) ? Answer.FRESH : Answer.FULL;
        } finally {
            lock.unlock();
        }
    }

    private void maybeTurn(long nowMillis) {
        long age = nowMillis - turnedMillis;
        if (age < keepMillis) {
            return;
        }
        previous = age < 2 * keepMillis ? current : new Generation();
        current = new Generation();
        turnedMillis = nowMillis;
    }

    /** Guarded by the cache's lock. */
    private static final class Generation {
        private final Set<Nonce> nonces = new HashSet<>();
        private final Map<Principal, Integer> counts = new HashMap<>();

        boolean add(Principal principal, Nonce nonce, int perPrincipal, int inAll) {
            int count = counts.getOrDefault(principal, 0);
            if (count >= perPrincipal || nonces.size() >= inAll) {
                return false;
            }
            counts.put(principal, count + 1);
            return nonces.add(nonce);
        }
    }

    private record Nonce(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Nonce that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
