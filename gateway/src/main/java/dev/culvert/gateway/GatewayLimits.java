package dev.culvert.gateway;

/**
 * What the gateway bounds. <em>Immutable.</em>
 *
 * @param headBytes of all header fields of one message, and of its first line; more is 431 or 414
 * @param bodyBytes of one request's body; more is 413; {@link Long#MAX_VALUE}: as many as come
 * @param connections of clients at once; more wait in the accept queue of the system. A quarter of them at most from one address (an IPv6
 *     network of 64 bits) that is no trusted proxy's: what is more is closed
 * @param requestsPerCaller under way at once for one caller, by name or by address; more are 429
 * @param requestsPerService under way at once for one service; more are 503
 * @param keptPerService connections to one service kept for reuse, on each event loop
 * @param streams of one client's HTTP/2 connection at once; more are refused
 */
public record GatewayLimits(
        int headBytes,
        long bodyBytes,
        int connections,
        int requestsPerCaller,
        int requestsPerService,
        int keptPerService,
        int streams) {
    public static final GatewayLimits DEFAULT =
            new GatewayLimits(32 * 1024, Long.MAX_VALUE, 50_000, 2_000, 10_000, 64, 100);

    private static final int MOST_STREAMS = 10_000;

    public GatewayLimits {
        require("headBytes", headBytes, 256);
        require("bodyBytes", bodyBytes, 0);
        require("connections", connections, 1);
        require("requestsPerCaller", requestsPerCaller, 1);
        require("requestsPerService", requestsPerService, 1);
        require("keptPerService", keptPerService, 0);
        require("streams", streams, 1);
        if (streams > MOST_STREAMS) {
            throw new IllegalArgumentException("streams: " + streams + " (expected: <= " + MOST_STREAMS + ")");
        }
    }

    private static void require(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }

    int connectionsPerAddress() {
        return Math.max(1, connections / 4);
    }

    public GatewayLimits withHeadBytes(int newHeadBytes) {
        return new GatewayLimits(
                newHeadBytes, bodyBytes, connections, requestsPerCaller, requestsPerService, keptPerService, streams);
    }

    public GatewayLimits withBodyBytes(long newBodyBytes) {
        return new GatewayLimits(
                headBytes, newBodyBytes, connections, requestsPerCaller, requestsPerService, keptPerService, streams);
    }

    public GatewayLimits withConnections(int newConnections) {
        return new GatewayLimits(
                headBytes, bodyBytes, newConnections, requestsPerCaller, requestsPerService, keptPerService, streams);
    }

    public GatewayLimits withRequestsPerCaller(int newRequestsPerCaller) {
        return new GatewayLimits(
                headBytes, bodyBytes, connections, newRequestsPerCaller, requestsPerService, keptPerService, streams);
    }

    public GatewayLimits withRequestsPerService(int newRequestsPerService) {
        return new GatewayLimits(
                headBytes, bodyBytes, connections, requestsPerCaller, newRequestsPerService, keptPerService, streams);
    }

    public GatewayLimits withStreams(int newStreams) {
        return new GatewayLimits(
                headBytes, bodyBytes, connections, requestsPerCaller, requestsPerService, keptPerService, newStreams);
    }
}
