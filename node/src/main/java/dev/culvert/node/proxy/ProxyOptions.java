package dev.culvert.node.proxy;

import dev.culvert.policy.NamePatterns;
import java.time.Duration;

/**
 * What a proxy permits and bounds. <em>Immutable.</em>
 *
 * @param direct hosts that are connected to directly, outside Culvert; all others are names of Culvert
 * @param users who may use it
 * @param maxConnections open at once; more wait
 * @param maxHeaderBytes of one request, its first line not counted
 * @param headTimeout how long a program may take to say where it wants to go
 * @param idleTimeout how long a connection for HTTP requests is kept without one
 * @param dialTimeout for the answer of a service
 */
public record ProxyOptions(
        NamePatterns direct,
        ProxyUsers users,
        int maxConnections,
        int maxHeaderBytes,
        Duration headTimeout,
        Duration idleTimeout,
        Duration dialTimeout) {
    public static final ProxyOptions DEFAULT = new ProxyOptions(
            NamePatterns.NONE,
            ProxyUsers.ANYBODY,
            1_024,
            16_384,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30));

    public ProxyOptions {
        if (maxConnections < 1 || maxHeaderBytes < 1) {
            throw new IllegalArgumentException("proxy limits: " + maxConnections + " connections, " + maxHeaderBytes
                    + " header bytes (expected: >= 1)");
        }
    }

    public ProxyOptions withDirect(NamePatterns newDirect) {
        return new ProxyOptions(
                newDirect, users, maxConnections, maxHeaderBytes, headTimeout, idleTimeout, dialTimeout);
    }

    public ProxyOptions withUsers(ProxyUsers newUsers) {
        return new ProxyOptions(
                direct, newUsers, maxConnections, maxHeaderBytes, headTimeout, idleTimeout, dialTimeout);
    }

    public ProxyOptions withMaxConnections(int newMax) {
        return new ProxyOptions(direct, users, newMax, maxHeaderBytes, headTimeout, idleTimeout, dialTimeout);
    }

    /** How long a program may say nothing, before its first word and between two requests, and a service before its answer. */
    public ProxyOptions withTimeouts(Duration newHead, Duration newIdle, Duration newDial) {
        return new ProxyOptions(direct, users, maxConnections, maxHeaderBytes, newHead, newIdle, newDial);
    }
}
