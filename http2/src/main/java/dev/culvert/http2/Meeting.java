package dev.culvert.http2;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Connections that wait to be taken, and takers that wait for connections; each gets the one that waits longest, so that several peers are
 * used in turn. Owned by its {@link MeetingPoint}; pure.
 *
 * <p>Bounded: a peer that brings more connections than it may loses its oldest, since after a crash that one is dead. At the bound for all,
 * whoever holds most, told apart by {@link Peer#holder}, loses its oldest to who holds less even with the new one; all else is refused. So a
 * flood, under however many names, drives out nobody else and locks nobody out.
 *
 * @param <C> a connection
 * @param <T> a taker
 */
final class Meeting<C, T> {
    private final int most;
    private final int mostOfOnePeer;
    private final Map<C, Peer> connections = new LinkedHashMap<>();
    private final Map<T, Predicate<Peer>> takers = new LinkedHashMap<>();

    /**
     * @param most of connections and of takers
     * @param mostOfOnePeer connections, told apart by {@link Peer#origin}
     */
    Meeting(int most, int mostOfOnePeer) {
        this.most = most;
        this.mostOfOnePeer = mostOfOnePeer;
    }

    /** What became of a connection that came. */
    sealed interface Arrival<C, T> {
        /** A taker that waited gets it. */
        record Taken<C, T>(T taker) implements Arrival<C, T> {}

        /** It waits; {@code dropped}, of the same peer or of who holds most, does so no more. */
        record Waits<C, T>(@Nullable C dropped) implements Arrival<C, T> {}

        /** Too many wait. */
        record Refused<C, T>() implements Arrival<C, T> {}
    }

    /** What became of a taker that came. */
    sealed interface Wish<C> {
        /** It gets this one. */
        record Granted<C>(C connection) implements Wish<C> {}

        /** It waits. */
        record Waits<C>() implements Wish<C> {}

        /** Too many wait. */
        record Refused<C>() implements Wish<C> {}
    }

    Arrival<C, T> arrive(C connection, Peer peer) {
        for (Iterator<Map.Entry<T, Predicate<Peer>>> each = takers.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<T, Predicate<Peer>> taker = each.next();
            if (taker.getValue().test(peer)) {
                each.remove();
                return new Arrival.Taken<>(taker.getKey());
            }
        }
        C dropped = surplus(peer);
        if (dropped == null && connections.size() >= most) {
            dropped = oldestOfWhoHoldsMost(peer);
            if (dropped == null) {
                return new Arrival.Refused<>();
            }
        }
        if (dropped != null) {
            connections.remove(dropped);
        }
        connections.put(connection, peer);
        return new Arrival.Waits<>(dropped);
    }

    /** The oldest of a peer that has as many as it may. */
    private @Nullable C surplus(Peer peer) {
        C oldest = null;
        int count = 0;
        for (Map.Entry<C, Peer> waiting : connections.entrySet()) {
            if (waiting.getValue().origin().equals(peer.origin())) {
                count++;
                oldest = oldest == null ? waiting.getKey() : oldest;
            }
        }
        return count < mostOfOnePeer ? null : oldest;
    }

    /** Null if nobody holds more than {@code newcomer} would: two who hold alike must not drive out each other in turn. */
    private @Nullable C oldestOfWhoHoldsMost(Peer newcomer) {
        Map<String, List<C>> held = new LinkedHashMap<>();
        connections.forEach((connection, peer) ->
                held.computeIfAbsent(peer.holder(), holder -> new ArrayList<>()).add(connection));
        int own = held.getOrDefault(newcomer.holder(), List.of()).size();
        return held.values().stream()
                .filter(each -> each.size() > own + 1)
                .max(Comparator.comparingInt(List::size))
                .map(each -> each.get(0))
                .orElse(null);
    }

    Wish<C> wish(T taker, Predicate<Peer> wanted) {
        for (Iterator<Map.Entry<C, Peer>> each = connections.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<C, Peer> connection = each.next();
            if (wanted.test(connection.getValue())) {
                each.remove();
                return new Wish.Granted<>(connection.getKey());
            }
        }
        if (takers.size() >= most) {
            return new Wish.Refused<>();
        }
        takers.put(taker, wanted);
        return new Wish.Waits<>();
    }

    /** Whether it waited; it does so no more. */
    boolean leave(C connection) {
        return connections.remove(connection) != null;
    }

    /** Whether it waited; it does so no more. */
    boolean giveUp(T taker) {
        return takers.remove(taker) != null;
    }

    /** Who waits to be taken, the longest waiting first. */
    List<Peer> peers() {
        return List.copyOf(connections.values());
    }

    /** Ends the wait of all connections. */
    List<C> leaveAll() {
        List<C> all = new ArrayList<>(connections.keySet());
        connections.clear();
        return all;
    }

    /** Ends the wait of all takers. */
    List<T> giveUpAll() {
        List<T> all = new ArrayList<>(takers.keySet());
        takers.clear();
        return all;
    }
}
