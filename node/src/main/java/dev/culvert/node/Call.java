package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.StreamOpen;
import dev.culvert.policy.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants, as far as it has come. <em>Immutable.</em> Pure: what each hop checks and changes. [OPEN-4] to [OPEN-9]
 *
 * @param open as it goes on from here, but for the time and the hop
 * @param key what is looked for
 * @param deadlineNanos by the loop's ticker; {@link Long#MAX_VALUE}: none
 */
record Call(StreamOpen open, NameKey key, long deadlineNanos) {
    static final int DEFAULT_HOPS = 8;
    static final int MAX_ORIGIN_BYTES = 4096;
    static final int MAX_RELAYED_BYTES = 8192;
    static final int MAX_REPLY_BYTES = 4096;

    /** What came from a peer; from a leaf, what it says of itself is replaced by what was proved. [OPEN-6] [OPEN-16] */
    static Call received(StreamOpen open, Peer from, long nowNanos) {
        return received(open, from.scope(), from.trust(), from.principal().id(), nowNanos);
    }

    static Call received(StreamOpen open, Scope scope, Peer.Trust trust, String principal, long nowNanos) {
        StreamOpen.Builder own = open.toBuilder();
        if (trust == Peer.Trust.LEAF) {
            own.setPrincipal(principal);
        }
        if (trust != Peer.Trust.RELAY) {
            own.clearPath();
            if (open.containsHeaders(Probe.HEADER)) {
                own.removeHeaders(Probe.HEADER);
            }
            if (trust == Peer.Trust.LEAF && open.containsHeaders(Source.HEADER)) {
                own.removeHeaders(Source.HEADER);
            }
        }
        if (open.getNamespace().isEmpty()) {
            own.setNamespace(scope.namespace());
        }
        return of(own.build(), own.getNamespace(), nowNanos);
    }

    /** What this node itself wants. A relay fills in the namespace of the session where the address has none. */
    static Call own(Address address, String namespace, DialTerms terms, long nowNanos) {
        StreamOpen.Builder open = StreamOpen.newBuilder()
                .setService(address.service())
                .setNode(address.node())
                .setPort(address.port())
                .setNamespace(address.namespace())
                .setPrincipal(terms.principal())
                .setDeadlineMillis((int) Math.min(Integer.MAX_VALUE, terms.timeoutMillis()))
                .setReplaySafe(terms.replaySafe());
        if (!terms.headers().isEmpty()) {
            open.putAllHeaders(terms.headers());
        }
        return of(open.build(), address.namespace().isEmpty() ? namespace : address.namespace(), nowNanos);
    }

    private static Call of(StreamOpen open, String namespace, long nowNanos) {
        NameKey key = new NameKey(namespace, open.getNode(), open.getService(), open.getPort());
        long millis = Integer.toUnsignedLong(open.getDeadlineMillis());
        return new Call(open, key, millis == 0 ? Long.MAX_VALUE : nowNanos + millis * 1_000_000);
    }

    /** What a node checks before it looks for a route. Empty: nothing against it. */
    Optional<Refused> fault(Scope scope, String hop, long nowNanos) {
        if (open.getService().isEmpty() == (open.getPort() == 0)) {
            return refuse(
                    hop,
                    ErrorCode.PROTOCOL,
                    "a target with both a service and a port, or none (expected: one of them)");
        }
        if (!permits(scope)) {
            return refuse(
                    hop,
                    ErrorCode.DENIED,
                    "the caller may not dial '" + key + "' in namespace '" + key.namespace() + "' (it may: " + scope
                            + ")");
        }
        return nowNanos - deadlineNanos >= 0 && deadlineNanos != Long.MAX_VALUE
                ? refuse(hop, ErrorCode.DEADLINE, "no time was left")
                : Optional.empty();
    }

    private boolean permits(Scope scope) {
        if (isReserved()) {
            return scope.namespace().equals(key.namespace());
        }
        boolean name =
                open.getService().isEmpty() ? scope.mayDialPort(open.getPort()) : scope.mayDial(open.getService());
        return name && scope.namespace().equals(key.namespace());
    }

    /** Whether the name belongs to the protocol. [OPEN-13] */
    static boolean isReserved(String service) {
        return service.startsWith("$");
    }

    /** Whether the caller wants a direct link to the service's node, and not the service. [DIRECT-1] */
    boolean asksDirect() {
        return open.containsHeaders(DirectDesk.ASK);
    }

    /** Null: it is not there. */
    @Nullable
    String header(String name) {
        return open.getHeadersMap().get(name);
    }

    Call with(String header, String value) {
        return new Call(open.toBuilder().putHeaders(header, value).build(), key, deadlineNanos);
    }

    Call without(String header) {
        return open.containsHeaders(header)
                ? new Call(open.toBuilder().removeHeaders(header).build(), key, deadlineNanos)
                : this;
    }

    /** Whether a relay only wants to know whether callers reach the service. [OPEN-15] */
    boolean isProbe() {
        return !isReserved() && open.containsHeaders(Probe.HEADER);
    }

    boolean isReserved() {
        return isReserved(open.getService());
    }

    /**
     * What a node checks before it passes the call on. A node that serves it does not ask: an agent may well have the name of a relay on
     * the way, if both run on one machine. [OPEN-9]
     */
    Optional<Refused> loop(String hop) {
        if (open.getPathList().contains(hop)) {
            return refuse(hop, ErrorCode.LOOP, "the stream has passed this node already: " + open.getPathList());
        }
        return open.getHopsLeft() == 1
                ? refuse(hop, ErrorCode.LOOP, "no hops are left (" + open.getPathList() + ")")
                : Optional.empty();
    }

    /**
     * What the next hop gets: one hop less, this node in the path, and the time that is left. A call of this node's own that has
     * waited for less than a millisecond goes out as it is.
     */
    StreamOpen onward(String hop, long nowNanos, boolean relayed) {
        if (!relayed && leftMillis(nowNanos) >= Integer.toUnsignedLong(open.getDeadlineMillis()) - 1) {
            return open;
        }
        StreamOpen.Builder next = open.toBuilder();
        if (relayed) {
            next.setHopsLeft((open.getHopsLeft() == 0 ? DEFAULT_HOPS : open.getHopsLeft()) - 1);
            next.addPath(hop);
        }
        if (deadlineNanos != Long.MAX_VALUE) {
            next.setDeadlineMillis((int) Math.max(1, leftMillis(nowNanos)));
        }
        return next.build();
    }

    private long leftMillis(long nowNanos) {
        return deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : (deadlineNanos - nowNanos) / 1_000_000;
    }

    private static Optional<Refused> refuse(String hop, ErrorCode code, String text) {
        return Optional.of(Refused.here(hop, code, text));
    }
}
