package dev.culvert.node;

import dev.culvert.api.RetryPolicy;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Proxy;
import dev.culvert.policy.JoinString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Relays that belong together and take the same credential; this node keeps links to them. <em>Immutable.</em> Prints itself
 * without secrets.
 *
 * @param relays where they are, with their keys
 * @param join the token of a join string, which enrols this node's key; null: none
 * @param bearer a bearer token; null: none
 * @param connect trust for relays whose key is not known, proxy, limits of connecting
 * @param timing how patient the links are
 * @param retry decides on each retry, on a thread that may block; throws nothing
 */
public record LinkConfig(
        List<RelayTarget> relays,
        @Nullable String join,
        @Nullable String bearer,
        ConnectOptions connect,
        LinkTiming timing,
        RetryPolicy retry) {
    public LinkConfig {
        relays = List.copyOf(relays);
        if (relays.isEmpty()) {
            throw new IllegalArgumentException("relays: none (expected: at least one)");
        }
    }

    /** Retries as the timing says. */
    public LinkConfig(
            List<RelayTarget> relays,
            @Nullable String join,
            @Nullable String bearer,
            ConnectOptions connect,
            LinkTiming timing) {
        this(relays, join, bearer, connect, timing, RetryPolicy.DEFAULT);
    }

    /** TLS to the relays of a join string, through the proxy of the environment if there is one. */
    public static LinkConfig of(JoinString join) {
        ConnectOptions connect = ConnectOptions.DEFAULT.withProxy(new Proxy.FromEnvironment(true));
        return new LinkConfig(RelayTarget.of(join), join.token(), null, connect, LinkTiming.DEFAULT);
    }

    /** A relay that knows this node's key. */
    public static LinkConfig of(RelayTarget relay) {
        return new LinkConfig(List.of(relay), null, null, ConnectOptions.DEFAULT, LinkTiming.DEFAULT);
    }

    public LinkConfig withRelays(List<RelayTarget> newRelays) {
        return new LinkConfig(newRelays, join, bearer, connect, timing, retry);
    }

    public LinkConfig withConnect(ConnectOptions newConnect) {
        return new LinkConfig(relays, join, bearer, newConnect, timing, retry);
    }

    public LinkConfig withTiming(LinkTiming newTiming) {
        return new LinkConfig(relays, join, bearer, connect, newTiming, retry);
    }

    public LinkConfig withRetry(RetryPolicy newRetry) {
        return new LinkConfig(relays, join, bearer, connect, timing, newRetry);
    }

    @Override
    public String toString() {
        return "LinkConfig" + relays;
    }
}
