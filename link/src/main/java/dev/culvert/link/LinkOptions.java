package dev.culvert.link;

import dev.culvert.api.Identity;
import dev.culvert.api.RetryPolicy;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.mux.MuxOptions;

/**
 * How a node links out. <em>Immutable.</em>
 *
 * @param node who it is
 * @param credentials what it proves itself with
 * @param connect trust for relays whose key is not known, proxy and limits of connecting
 * @param mux windows, limits and keep-alive of its sessions
 * @param timing how patient it is
 * @param minLinks how many relays to stay linked to where that many are known; all given ones always are
 * @param identity what it calls itself towards applications at the relays
 * @param retry decides on each retry, on a thread that may block; throws nothing
 */
public record LinkOptions(
        LocalNode node,
        Credentials credentials,
        ConnectOptions connect,
        MuxOptions mux,
        LinkTiming timing,
        int minLinks,
        Identity identity,
        RetryPolicy retry) {
    public LinkOptions {
        if (minLinks < 1) {
            throw new IllegalArgumentException("minLinks: " + minLinks + " (expected: >= 1)");
        }
    }

    public static LinkOptions of(LocalNode node, Credentials credentials) {
        return new LinkOptions(
                node,
                credentials,
                ConnectOptions.DEFAULT,
                MuxOptions.DEFAULT,
                LinkTiming.DEFAULT,
                2,
                Identity.NONE,
                RetryPolicy.DEFAULT);
    }

    public LinkOptions withConnect(ConnectOptions newConnect) {
        return new LinkOptions(node, credentials, newConnect, mux, timing, minLinks, identity, retry);
    }

    public LinkOptions withMux(MuxOptions newMux) {
        return new LinkOptions(node, credentials, connect, newMux, timing, minLinks, identity, retry);
    }

    public LinkOptions withTiming(LinkTiming newTiming) {
        return new LinkOptions(node, credentials, connect, mux, newTiming, minLinks, identity, retry);
    }

    public LinkOptions withMinLinks(int newMinLinks) {
        return new LinkOptions(node, credentials, connect, mux, timing, newMinLinks, identity, retry);
    }

    public LinkOptions withIdentity(Identity newIdentity) {
        return new LinkOptions(node, credentials, connect, mux, timing, minLinks, newIdentity, retry);
    }

    public LinkOptions withRetry(RetryPolicy newRetry) {
        return new LinkOptions(node, credentials, connect, mux, timing, minLinks, identity, newRetry);
    }
}
