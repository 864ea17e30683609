package dev.culvert.http2;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link DialListener} dials out. <em>Immutable.</em>
 *
 * @param announcement the name that each connection says first, in TLS if there is {@code tls}
 * @param spares connections that are kept for the next dial of the other side
 * @param mostConnections spares and those in use; at the bound no spare is kept until one ends
 * @param firstRetry the longest wait after a first failure; doubled with each further one
 * @param retryCap the longest wait of all; waits are uniform between 0 and what is in force
 * @param stable how long an unused connection must live for its end to be no failure; many in a row that lived less and were used, but not by
 *     what begins as a client does, are followed by waits of up to a second
 * @param connectWithin for the connection and the TLS handshake
 * @param tls null: none, or the server on top does it
 */
public record DialOptions(
        Announcement announcement,
        int spares,
        int mostConnections,
        Duration firstRetry,
        Duration retryCap,
        Duration stable,
        Duration connectWithin,
        @Nullable SslContext tls) {
    /** No name, 1 spare, 100 connections, retries within 500 ms to 15 s, stable after 10 s, connected within 10 s, no TLS. */
    public static final DialOptions DEFAULT = new DialOptions(
            Announcement.NONE,
            1,
            100,
            Duration.ofMillis(500),
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            null);

    public DialOptions {
        PrefaceOptions.positive("spares", spares);
        PrefaceOptions.positive("mostConnections", mostConnections);
        PrefaceOptions.positive("firstRetry", firstRetry);
        PrefaceOptions.positive("stable", stable);
        PrefaceOptions.positive("connectWithin", connectWithin);
        if (retryCap.compareTo(firstRetry) < 0) {
            throw new IllegalArgumentException(
                    "retryCap: " + retryCap + " (expected: at least firstRetry, " + firstRetry + ")");
        }
    }

    public DialOptions withAnnouncement(Announcement value) {
        return new DialOptions(value, spares, mostConnections, firstRetry, retryCap, stable, connectWithin, tls);
    }

    public DialOptions withSpares(int value) {
        return new DialOptions(announcement, value, mostConnections, firstRetry, retryCap, stable, connectWithin, tls);
    }

    public DialOptions withMostConnections(int value) {
        return new DialOptions(announcement, spares, value, firstRetry, retryCap, stable, connectWithin, tls);
    }

    public DialOptions withRetries(Duration first, Duration cap) {
        return new DialOptions(announcement, spares, mostConnections, first, cap, stable, connectWithin, tls);
    }

    public DialOptions withStable(Duration value) {
        return new DialOptions(announcement, spares, mostConnections, firstRetry, retryCap, value, connectWithin, tls);
    }

    public DialOptions withConnectWithin(Duration value) {
        return new DialOptions(announcement, spares, mostConnections, firstRetry, retryCap, stable, value, tls);
    }

    public DialOptions withTls(SslContext value) {
        return new DialOptions(
                announcement, spares, mostConnections, firstRetry, retryCap, stable, connectWithin, value);
    }
}
