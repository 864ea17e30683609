package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.CallOptions;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamMode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A session as embedders see it. Any thread. */
final class PeerSession implements Session {
    private final Peer peer;
    private final String id;
    private final String identity;
    private final OwnDials dials;
    private final RouteTable table;

    PeerSession(Peer peer, String identity, SessionContext context) {
        this.peer = peer;
        this.identity = identity;
        this.dials = context.dials().through(peer);
        this.table = context.table();
        boolean dialled = peer.session().dialled();
        this.id = (dialled ? context.self().instance() : peer.session().peerInstance())
                + "-"
                + peer.session().attempt();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String node() {
        return peer.node();
    }

    @Override
    public String principal() {
        return peer.principal().id();
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public String namespace() {
        return peer.scope().namespace();
    }

    @Override
    public String remoteAddress() {
        return peer.session().remoteAddress();
    }

    @Override
    public boolean isDialled() {
        return peer.session().dialled();
    }

    @Override
    public boolean isUp() {
        return peer.isUp();
    }

    @Override
    public List<String> services() {
        return table.named().stream()
                .flatMap(entry -> entry.getValue().stream())
                .filter(route -> route.member().exit() == peer)
                .map(route -> route.offer().label())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public Stream open(String service, DialOptions options) throws IOException {
        Loopless.check(peer.loop());
        return Waits.orCancel(dials.stream(Address.service(service), options).toCompletableFuture());
    }

    @Override
    public byte[] call(String service, byte[] request, CallOptions options) throws IOException {
        Loopless.check(peer.loop());
        return Waits.orCancel(callAsync(service, request, options));
    }

    @Override
    public CompletableFuture<byte[]> callAsync(String service, byte[] request, CallOptions options) {
        return dials.call(Address.service(service), request, options, StreamMode.VALUE_CALL);
    }

    @Override
    public void notify(String service, byte[] message, CallOptions options) throws IOException {
        Loopless.check(peer.loop());
        Waits.orCancel(dials.call(Address.service(service), message, options, StreamMode.VALUE_NOTIFY));
    }

    @Override
    public void close(ErrorCode code, String reason) {
        if (code == ErrorCode.OK) {
            throw new IllegalArgumentException("code: OK (expected: the reason why the session ends)");
        }
        Hop.to(peer.loop(), () -> peer.session().dismiss(code, reason));
    }

    @Override
    public String toString() {
        return "Session[" + id + (isDialled() ? " to " : " from ") + node() + "]";
    }
}
