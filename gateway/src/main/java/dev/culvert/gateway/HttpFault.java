package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;

/**
 * Why a request gets no answer of a service. <em>Immutable.</em>
 *
 * @param code the same in Culvert's words; empty: the fault is HTTP's own
 * @param text what is wrong: the value, the expectation
 * @param hop the node that failed or refused; empty: this gateway
 * @param next what to do; empty: nothing
 * @param retrySeconds when a retry can help; 0: it cannot
 * @param challenge of 401: what is to be shown; empty: a credential of Culvert's
 */
record HttpFault(
        HttpResponseStatus status,
        String code,
        String text,
        String hop,
        String next,
        int retrySeconds,
        String challenge) {
    HttpFault(HttpResponseStatus status, String code, String text, String hop, String next, int retrySeconds) {
        this(status, code, text, hop, next, retrySeconds, "");
    }

    static HttpFault of(HttpResponseStatus status, String text, String next) {
        return new HttpFault(status, "", text, "", next, 0);
    }

    static HttpFault badRequest(String text, String next) {
        return of(HttpResponseStatus.BAD_REQUEST, text, next);
    }

    /** To the same place over TLS, with the same method and body. */
    static HttpFault redirect(String location) {
        return of(HttpResponseStatus.PERMANENT_REDIRECT, "this is served over TLS only", location);
    }

    boolean isRedirect() {
        return status.equals(HttpResponseStatus.PERMANENT_REDIRECT);
    }

    HttpFault withRetry(int seconds) {
        return new HttpFault(status, code, text, hop, next, seconds, challenge);
    }

    /** @param what the service said, which means nothing or two things */
    static HttpFault brokenAnswer(String what) {
        return new HttpFault(
                HttpResponseStatus.BAD_GATEWAY,
                "PROTOCOL",
                "the service answered with " + what,
                "",
                "see that the service speaks HTTP/1.1",
                0);
    }

    static HttpFault serviceClosed() {
        return new HttpFault(
                HttpResponseStatus.BAD_GATEWAY,
                "",
                "the service closed the connection before its answer was complete",
                "",
                "see the service's own log",
                0);
    }

    /** @param first what became of it in HTTP/1.1 */
    static HttpFault noTunnel(HttpFault first) {
        return new HttpFault(
                HttpResponseStatus.BAD_GATEWAY,
                first.code().isEmpty() ? "PROTOCOL" : first.code(),
                "the service takes no WebSocket in HTTP/2 (it says no SETTINGS_ENABLE_CONNECT_PROTOCOL, RFC 8441), nor in HTTP/1.1: "
                        + first.text(),
                first.hop(),
                "let the service take WebSocket in one of them",
                0);
    }

    static HttpFault deadline() {
        return new HttpFault(
                HttpResponseStatus.GATEWAY_TIMEOUT,
                "DEADLINE",
                "the service did not answer in time",
                "",
                "ask for more time: culvert-timeout: 2m",
                1);
    }

    /** What a dial or a stream ended with. */
    static HttpFault of(CulvertException cause) {
        ErrorCode code = cause.code();
        int retry = code.retryHelps() ? 1 : 0;
        return new HttpFault(status(code), code.name(), text(cause), cause.hop(), cause.nextStep(), retry);
    }

    /** Its message without the parts that stand in fields of their own. */
    private static String text(CulvertException cause) {
        String text = String.valueOf(cause.getMessage());
        String start = cause.code() + (cause.hop().isEmpty() ? "" : " at " + cause.hop()) + ": ";
        String end = cause.nextStep().isEmpty() ? "" : "; " + cause.nextStep();
        String body = text.startsWith(start) ? text.substring(start.length()) : text;
        return body.endsWith(end) ? body.substring(0, body.length() - end.length()) : body;
    }

    static HttpResponseStatus status(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_SERVICE -> HttpResponseStatus.NOT_FOUND;
            case UNAUTHENTICATED, EXPIRED, REVOKED -> HttpResponseStatus.UNAUTHORIZED;
            case DENIED -> HttpResponseStatus.FORBIDDEN;
            case BUSY, DRAINING, OVERLOAD -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            case DEADLINE -> HttpResponseStatus.GATEWAY_TIMEOUT;
            case LOOP -> HttpResponseStatus.valueOf(508, "Loop Detected");
            default -> HttpResponseStatus.BAD_GATEWAY;
        };
    }

    /** The error of the header Proxy-Status. RFC 9209, 2.3 */
    AsciiString proxyError() {
        return AsciiString.of(
                switch (code) {
                    case "UNKNOWN_SERVICE" -> "destination_not_found";
                    case "NO_ROUTE", "DRAINING" -> "destination_unavailable";
                    case "DENIED", "UNAUTHENTICATED", "EXPIRED", "REVOKED" -> "http_request_denied";
                    case "DEADLINE" -> "http_response_timeout";
                    case "TARGET_REFUSED" -> "connection_refused";
                    case "LINK_LOST", "TARGET_LOST" -> "connection_terminated";
                    case "BUSY", "OVERLOAD" -> "connection_limit_reached";
                    case "LOOP" -> "proxy_loop_detected";
                    case "PROTOCOL" -> "http_protocol_error";
                    default -> status.code() < 500 ? "http_request_error" : "proxy_internal_error";
                });
    }
}
