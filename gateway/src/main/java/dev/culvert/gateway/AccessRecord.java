package dev.culvert.gateway;

import org.jspecify.annotations.Nullable;

/**
 * One request that is over. <em>Immutable.</em> It holds no header and no query, which may be secrets.
 *
 * @param timeMillis when it began, since the epoch
 * @param requestId the same that the service and an error page were told
 * @param client its address
 * @param caller who it was proved to be; empty: anyone
 * @param request what was asked for
 * @param service where it went; empty: nowhere
 * @param status 0: the client was gone before there was one
 * @param outcome what it ended with
 */
public record AccessRecord(
        long timeMillis,
        String requestId,
        String client,
        String caller,
        Asked request,
        String service,
        int status,
        Outcome outcome) {
    /**
     * @param protocol HTTP/1.1 or HTTP/2.0
     * @param host as it was sent
     * @param path without the query
     */
    public record Asked(String protocol, String method, String host, String path) {}

    /**
     * @param bytesIn of the request's body
     * @param bytesOut of the response's body
     * @param millis from its first byte to its end
     * @param error why it failed; null: it did not
     * @param hop where it failed; empty: here or not at all
     */
    public record Outcome(
            long bytesIn,
            long bytesOut,
            long millis,
            @Nullable String error,
            String hop) {}

    /** As one JSON object on one line. */
    public String toJson() {
        StringBuilder json = new StringBuilder(256).append("{\"time\":").append(timeMillis);
        JsonText.field(json, "requestId", requestId);
        JsonText.field(json, "client", client);
        JsonText.field(json, "caller", caller);
        JsonText.field(json, "protocol", request.protocol());
        JsonText.field(json, "method", request.method());
        JsonText.field(json, "host", request.host());
        JsonText.field(json, "path", request.path());
        JsonText.field(json, "service", service);
        json.append(",\"status\":").append(status);
        json.append(",\"bytesIn\":").append(outcome.bytesIn());
        json.append(",\"bytesOut\":").append(outcome.bytesOut());
        json.append(",\"millis\":").append(outcome.millis());
        if (outcome.error() != null) {
            JsonText.field(json, "error", outcome.error());
            JsonText.field(json, "hop", outcome.hop());
        }
        return json.append('}').toString();
    }
}
