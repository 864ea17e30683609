package dev.culvert.http2;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link PrefaceListener} tells connections apart, and what it holds at most. <em>Immutable.</em>
 *
 * @param silence after which a connection that said nothing counts as reversed; one that then turns out to be a slow client is still one,
 *     unless it was dialled meanwhile
 * @param decideWithin after which a connection is closed that began and did not go on, or did not end its TLS handshake
 * @param mostUndecided connections of which it is not known what they are; beyond it the oldest of them is closed
 * @param mostWaiting reversed connections that wait to be dialled, and dials that wait for one; beyond it new ones are refused, but the oldest
 *     connection of the identity or address that holds most gives way to one that holds less
 * @param mostWaitingOfOnePeer the same for one peer, told by identity or address, and name; beyond it its oldest is closed
 * @param backlog clients that wait to be accepted, of each split server name and of the rest; beyond it new ones are closed, with the same
 *     exception
 * @param bareNames names that are announced by their bytes alone ({@link Announcement#bare})
 * @param tls null: none, or the server on top does it
 */
public record PrefaceOptions(
        Duration silence,
        Duration decideWithin,
        int mostUndecided,
        int mostWaiting,
        int mostWaitingOfOnePeer,
        int backlog,
        Set<String> bareNames,
        @Nullable PrefaceTls tls) {
    /** 200 ms, 10 s, 1000, 1000, 100, 100, Prog's two names, no TLS. */
    public static final PrefaceOptions DEFAULT = new PrefaceOptions(
            Duration.ofMillis(200), Duration.ofSeconds(10), 1000, 1000, 100, 100, Set.of("EVA", "ELA"), null);

    public PrefaceOptions {
        positive("silence", silence);
        positive("decideWithin", decideWithin);
        positive("mostUndecided", mostUndecided);
        positive("mostWaiting", mostWaiting);
        positive("mostWaitingOfOnePeer", mostWaitingOfOnePeer);
        positive("backlog", backlog);
        bareNames = Set.copyOf(bareNames);
        requireDistinct(List.copyOf(bareNames));
    }

    private static void requireDistinct(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            Announcement one = Announcement.bare(names.get(i));
            for (String other : names.subList(i + 1, names.size())) {
                if (one.name().isEmpty() || FirstBytes.beginsAlike(one.bytes(), FirstBytes.ascii(other))) {
                    throw new IllegalArgumentException("bareNames: '" + one.name() + "' and '" + other
                            + "' (expected: none empty, and none that begins with another)");
                }
            }
        }
    }

    static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: > 0)");
        }
    }

    static void positive(String what, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: > 0)");
        }
    }

    public PrefaceOptions withSilence(Duration value) {
        return new PrefaceOptions(
                value, decideWithin, mostUndecided, mostWaiting, mostWaitingOfOnePeer, backlog, bareNames, tls);
    }

    public PrefaceOptions withDecideWithin(Duration value) {
        return new PrefaceOptions(
                silence, value, mostUndecided, mostWaiting, mostWaitingOfOnePeer, backlog, bareNames, tls);
    }

    public PrefaceOptions withMostUndecided(int value) {
        return new PrefaceOptions(
                silence, decideWithin, value, mostWaiting, mostWaitingOfOnePeer, backlog, bareNames, tls);
    }

    public PrefaceOptions withMostWaiting(int inAll, int ofOnePeer) {
        return new PrefaceOptions(silence, decideWithin, mostUndecided, inAll, ofOnePeer, backlog, bareNames, tls);
    }

    public PrefaceOptions withBacklog(int value) {
        return new PrefaceOptions(
                silence, decideWithin, mostUndecided, mostWaiting, mostWaitingOfOnePeer, value, bareNames, tls);
    }

    public PrefaceOptions withBareNames(Set<String> value) {
        return new PrefaceOptions(
                silence, decideWithin, mostUndecided, mostWaiting, mostWaitingOfOnePeer, backlog, value, tls);
    }

    public PrefaceOptions withTls(PrefaceTls value) {
        return new PrefaceOptions(
                silence, decideWithin, mostUndecided, mostWaiting, mostWaitingOfOnePeer, backlog, bareNames, value);
    }
}
