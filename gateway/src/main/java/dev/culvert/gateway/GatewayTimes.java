package dev.culvert.gateway;

import java.time.Duration;

/**
 * How long the gateway waits. <em>Immutable.</em> Zero means without end where it says so.
 *
 * @param head for a whole request head, from its first byte (of a new connection: from its begin); then 408
 * @param idle for the next request on a connection, and for the next bytes of a body or of a client that takes a response
 * @param response for a service's response head where the client says nothing, from the last of the request that it took; zero: without end
 * @param longest deadline that a client may ask for; what is more is cut
 * @param reuse how long a connection to a service is kept for the next request; shorter than services keep theirs
 * @param passage without a byte either way of a connection whose TLS passes, which then ends; zero: without end
 * @param recheck how often it is looked whether a request that lasts still has what it was let in with: a credential, or a certificate
 */
public record GatewayTimes(
        Duration head,
        Duration idle,
        Duration response,
        Duration longest,
        Duration reuse,
        Duration passage,
        Duration recheck) {
    public static final GatewayTimes DEFAULT = new GatewayTimes(
            Duration.ofSeconds(15),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            Duration.ofHours(24),
            Duration.ofSeconds(4),
            Duration.ofMinutes(10),
            Duration.ofSeconds(1));

    public GatewayTimes {
        require("head", head, 1);
        require("idle", idle, 1);
        require("response", response, 0);
        require("longest", longest, 1);
        require("reuse", reuse, 0);
        require("passage", passage, 0);
        require("recheck", recheck, 1);
    }

    private static void require(String name, Duration value, int atLeastMillis) {
        if (value.toMillis() < atLeastMillis) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + atLeastMillis + " ms)");
        }
    }

    public GatewayTimes withHead(Duration newHead) {
        return new GatewayTimes(newHead, idle, response, longest, reuse, passage, recheck);
    }

    public GatewayTimes withIdle(Duration newIdle) {
        return new GatewayTimes(head, newIdle, response, longest, reuse, passage, recheck);
    }

    public GatewayTimes withResponse(Duration newResponse) {
        return new GatewayTimes(head, idle, newResponse, longest, reuse, passage, recheck);
    }

    public GatewayTimes withPassage(Duration newPassage) {
        return new GatewayTimes(head, idle, response, longest, reuse, newPassage, recheck);
    }

    public GatewayTimes withRecheck(Duration newRecheck) {
        return new GatewayTimes(head, idle, response, longest, reuse, passage, newRecheck);
    }
}
