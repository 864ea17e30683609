package dev.culvert.netty;

import dev.culvert.api.BindOptions;

/**
 * How an {@link HttpService} offers and what it bounds. <em>Immutable.</em>
 *
 * @param bind how its name is offered
 * @param headBytes of all header fields of one request, and of its first line; more is 431 or 414
 * @param bodyBytes of one request's body; more is 413
 * @param heldBytes of all bodies, of requests and of answers, that are in memory at once; what would be more is 503
 * @param requests that the handler has at once; more are 503
 */
public record HttpServiceOptions(BindOptions bind, int headBytes, int bodyBytes, long heldBytes, int requests) {
    public static final HttpServiceOptions DEFAULT =
            new HttpServiceOptions(BindOptions.DEFAULT, 32 * 1024, 10 << 20, 128L << 20, 1024);

    public HttpServiceOptions {
        require("headBytes", headBytes, 256);
        require("bodyBytes", bodyBytes, 0);
        require("heldBytes", heldBytes, bodyBytes);
        require("requests", requests, 1);
    }

    private static void require(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }

    public HttpServiceOptions withBind(BindOptions newBind) {
        return new HttpServiceOptions(newBind, headBytes, bodyBytes, heldBytes, requests);
    }

    public HttpServiceOptions withHeadBytes(int newHeadBytes) {
        return new HttpServiceOptions(bind, newHeadBytes, bodyBytes, heldBytes, requests);
    }

    public HttpServiceOptions withBodyBytes(int newBodyBytes) {
        return new HttpServiceOptions(bind, headBytes, newBodyBytes, heldBytes, requests);
    }

    public HttpServiceOptions withHeldBytes(long newHeldBytes) {
        return new HttpServiceOptions(bind, headBytes, bodyBytes, newHeldBytes, requests);
    }

    public HttpServiceOptions withRequests(int newRequests) {
        return new HttpServiceOptions(bind, headBytes, bodyBytes, heldBytes, newRequests);
    }
}
