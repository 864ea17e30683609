package dev.culvert.api.net;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Says in the words of {@code java.net} why something failed; ours is the cause. <em>Stateless.</em> */
final class SocketFailures {
    static final String CLOSED = "Socket closed";

    private SocketFailures() {}

    /** Why a connect failed. */
    static IOException connect(Throwable cause) {
        String text = cause.getMessage();
        ErrorCode code = cause instanceof CulvertException ours ? ours.code() : ErrorCode.INTERNAL;
        return because(
                cause,
                switch (code) {
                    case UNKNOWN_SERVICE -> new UnknownHostException(text);
                    case NO_ROUTE, LINK_LOST -> new NoRouteToHostException(text);
                    case DEADLINE -> new SocketTimeoutException(text);
                    default -> new ConnectException(text);
                });
    }

    /** Why a name could not be taken. */
    static IOException bind(Exception cause) {
        return because(cause, new BindException(cause.getMessage()));
    }

    /** Why a read or a write failed on a socket that is open. */
    static IOException transfer(String text, IOException cause) {
        return because(cause, new SocketException(text + ": " + cause.getMessage()));
    }

    static IOException because(Throwable cause, IOException failure) {
        failure.initCause(cause);
        return failure;
    }
}
