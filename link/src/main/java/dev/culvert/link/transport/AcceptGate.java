package dev.culvert.link.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one port that have not proved who they are, and gives out the places for handshakes. <em>Any thread</em>: the
 * connections live on several loops; the lock is held for a few map operations. A connection that is silent holds no place, so that it
 * delays nobody.
 */
final class AcceptGate {
    private static final int PREFIX_BYTES = 8;

    private final AcceptLimits limits;
    private final Consumer<Boolean> fullness;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, Integer> byAddress = new HashMap<>();
    private final Set<Ticket> all = new HashSet<>();
    private final FairLine<Ticket> line = new FairLine<>();
    private int working;
    private boolean full;

    /** @param fullness is told, on whatever thread, when no more connections should be accepted and when they may be again */
    AcceptGate(AcceptLimits limits, Consumer<Boolean> fullness) {
        this.limits = limits;
        this.fullness = fullness;
    }

    /** One connection's stand. Guarded by the gate's lock. */
    final class Ticket {
        private final Runnable onClose;
        private @Nullable ByteBuffer source;
        private @Nullable Runnable work;
        private boolean atWork;
        private boolean left;

        private Ticket(Runnable onClose) {
            this.onClose = onClose;
        }

        /** Runs the work when there is a place, perhaps now, perhaps on another connection's thread; sources take turns. Once. */
        void begin(Runnable newWork) {
            AcceptGate.this.begin(this, newWork);
        }

        /** Whether others wait for a place and this one, which is slow, should give up its own. */
        boolean isInTheWay() {
            return AcceptGate.this.isInTheWay(this);
        }

        /** The real source is known. False: that one has too many connections already, and this one is to be closed. */
        boolean moveTo(InetAddress address) {
            return AcceptGate.this.move(this, address);
        }

        /** Proved, or closed. Idempotent. */
        void leave() {
            AcceptGate.this.leave(this);
        }
    }

    /**
     * Null: the source has too many connections already.
     *
     * @param address null for transports without one, which are not limited by source
     * @param onClose closes the connection, when the port closes
     */
    @Nullable
    Ticket enter(@Nullable InetAddress address, Runnable onClose) {
        lock.lock();
        try {
            Ticket ticket = new Ticket(onClose);
            if (!count(ticket, address)) {
                return null;
            }
            all.add(ticket);
            tellFullness();
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /** Closes every connection that has not left. */
    void closeAll() {
        List<Ticket> present;
        lock.lock();
        try {
            present = new ArrayList<>(all);
        } finally {
            lock.unlock();
        }
        present.forEach(ticket -> ticket.onClose.run());
    }

    /** Connections that have not left. */
    int present() {
        lock.lock();
        try {
            return all.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more connections should be accepted. */
    boolean isFull() {
        lock.lock();
        try {
            return full;
        } finally {
            lock.unlock();
        }
    }

    private void begin(Ticket ticket, Runnable work) {
        lock.lock();
        try {
            if (ticket.left) {
                return;
            }
            if (working >= limits.handshakes()) {
                ticket.work = work;
                line.add(ticket.source, ticket);
                return;
            }
            working++;
            ticket.atWork = true;
        } finally {
            lock.unlock();
        }
        work.run();
    }

    private void leave(Ticket ticket) {
        Runnable next = null;
        lock.lock();
        try {
            if (ticket.left) {
                return;
            }
            ticket.left = true;
            all.remove(ticket);
            line.remove(ticket.source, ticket);
            uncount(ticket);
            if (ticket.atWork) {
                working--;
                next = nextInLine();
            }
            tellFullness();
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.run();
        }
    }

    private @Nullable Runnable nextInLine() {
        Ticket first = line.next();
        if (first == null) {
            return null;
        }
        working++;
        first.atWork = true;
        return first.work;
    }

    private boolean isInTheWay(Ticket ticket) {
        lock.lock();
        try {
            return ticket.atWork && !line.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean move(Ticket ticket, InetAddress address) {
        lock.lock();
        try {
            uncount(ticket);
            return ticket.left || count(ticket, address);
        } finally {
            lock.unlock();
        }
    }

    private boolean count(Ticket ticket, @Nullable InetAddress address) {
        if (address == null) {
            return true;
        }
        ByteBuffer source = source(address);
        if (byAddress.getOrDefault(source, 0) >= limits.perAddress()) {
            return false;
        }
        byAddress.merge(source, 1, Integer::sum);
        ticket.source = source;
        return true;
    }

    private void uncount(Ticket ticket) {
        if (ticket.source != null) {
            byAddress.computeIfPresent(ticket.source, (source, count) -> count == 1 ? null : count - 1);
            ticket.source = null;
        }
    }

    private void tellFullness() {
        boolean now = all.size() >= limits.connections();
        if (now != full) {
            full = now;
            fullness.accept(now);
        }
    }

    /** One household has a /64 of IPv6, so its addresses count together. */
    private static ByteBuffer source(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, PREFIX_BYTES) : bytes);
    }
}
