package dev.culvert.gateway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How clients of backstream are taken. <em>Immutable.</em>
 *
 * @param path where their WebSockets go
 * @param codec of those that do not say which they speak
 * @param nameless the name of those that give no id; null: an id is required
 * @param lease how long the name of clients that are all gone is kept for their principal
 * @param ping how often a client is asked whether it is there; one that says nothing for 2.1 times as long is gone
 * @param messageBytes of one message, in either direction
 * @param requests under way at one client; more are 503
 */
public record BackstreamOptions(
        String path,
        Codec codec,
        @Nullable String nameless,
        Duration lease,
        Duration ping,
        int messageBytes,
        int requests) {
    /** As backstream has it. */
    public static final BackstreamOptions DEFAULT = new BackstreamOptions(
            "/ws", Codec.PROTOBUF, null, Duration.ofSeconds(30), Duration.ofSeconds(10), 10 << 20, 1024);

    /** How messages are written. */
    public enum Codec {
        PROTOBUF,
        JSON
    }

    public BackstreamOptions {
        if (!path.startsWith("/") || path.indexOf('?') >= 0) {
            throw new IllegalArgumentException("path '" + path + "' (expected: one that begins with /, as /ws)");
        }
        if (lease.isNegative()) {
            throw new IllegalArgumentException("lease: " + lease + " (expected: >= 0)");
        }
        if (ping.toMillis() < 1) {
            throw new IllegalArgumentException("ping: " + ping + " (expected: >= 1 ms)");
        }
        if (messageBytes < 1024) {
            throw new IllegalArgumentException("messageBytes: " + messageBytes + " (expected: >= 1024)");
        }
        if (requests < 1) {
            throw new IllegalArgumentException("requests: " + requests + " (expected: >= 1)");
        }
    }

    public BackstreamOptions withPath(String newPath) {
        return new BackstreamOptions(newPath, codec, nameless, lease, ping, messageBytes, requests);
    }

    public BackstreamOptions withCodec(Codec newCodec) {
        return new BackstreamOptions(path, newCodec, nameless, lease, ping, messageBytes, requests);
    }

    public BackstreamOptions withNameless(@Nullable String newNameless) {
        return new BackstreamOptions(path, codec, newNameless, lease, ping, messageBytes, requests);
    }

    public BackstreamOptions withLease(Duration newLease) {
        return new BackstreamOptions(path, codec, nameless, newLease, ping, messageBytes, requests);
    }

    public BackstreamOptions withPing(Duration newPing) {
        return new BackstreamOptions(path, codec, nameless, lease, newPing, messageBytes, requests);
    }

    public BackstreamOptions withMessageBytes(int newMessageBytes) {
        return new BackstreamOptions(path, codec, nameless, lease, ping, newMessageBytes, requests);
    }

    public BackstreamOptions withRequests(int newRequests) {
        return new BackstreamOptions(path, codec, nameless, lease, ping, messageBytes, newRequests);
    }
}
