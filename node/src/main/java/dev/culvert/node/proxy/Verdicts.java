package dev.culvert.node.proxy;

import dev.culvert.api.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;

/** What a refused dial is called in the languages of the programs. <em>Stateless.</em> */
final class Verdicts {
    private Verdicts() {}

    /** RFC 1928, 6. */
    static Socks5CommandStatus socks(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_SERVICE -> Socks5CommandStatus.HOST_UNREACHABLE;
            case NO_ROUTE, LINK_LOST -> Socks5CommandStatus.NETWORK_UNREACHABLE;
            case DENIED, UNAUTHENTICATED, EXPIRED, REVOKED -> Socks5CommandStatus.FORBIDDEN;
            case TARGET_REFUSED -> Socks5CommandStatus.CONNECTION_REFUSED;
            case DEADLINE -> Socks5CommandStatus.TTL_EXPIRED;
            default -> Socks5CommandStatus.FAILURE;
        };
    }

    static HttpResponseStatus http(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_SERVICE -> HttpResponseStatus.NOT_FOUND;
            case DENIED, UNAUTHENTICATED, EXPIRED, REVOKED -> HttpResponseStatus.FORBIDDEN;
            case DEADLINE -> HttpResponseStatus.GATEWAY_TIMEOUT;
            case NO_ROUTE, BUSY, DRAINING, OVERLOAD -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            default -> HttpResponseStatus.BAD_GATEWAY;
        };
    }

    /** The error of the header Proxy-Status. RFC 9209, 2.3 */
    static String proxyError(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_SERVICE -> "destination_not_found";
            case NO_ROUTE, DRAINING -> "destination_unavailable";
            case DENIED, UNAUTHENTICATED, EXPIRED, REVOKED -> "http_request_denied";
            case DEADLINE -> "connection_timeout";
            case TARGET_REFUSED -> "connection_refused";
            case LINK_LOST, TARGET_LOST -> "connection_terminated";
            case BUSY, OVERLOAD -> "connection_limit_reached";
            case LOOP -> "proxy_loop_detected";
            default -> "proxy_internal_error";
        };
    }
}
