package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.AcceptorOptions;
import dev.culvert.link.DrainPlan;
import dev.culvert.link.LinkContext;
import dev.culvert.link.SessionAcceptor;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPort;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.Principal;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** The link ports of a relay and the sessions that come in by them. Any thread. */
final class ListenSide implements AutoCloseable {
    private final SessionAcceptor acceptor;
    private final LinkContext context;
    private final List<LinkPort> ports = new CopyOnWriteArrayList<>();

    ListenSide(AcceptorOptions options, Authenticator authenticator, Peers peers, LinkContext context) {
        this.acceptor = new SessionAcceptor(options, authenticator, peers, context);
        this.context = context;
    }

    /** Listens everywhere, or nowhere: fails with an {@link IOException} if a port is in use or may not be opened. */
    CompletionStage<Void> open(ListenConfig listen) {
        CompletableFuture<Void> open = new CompletableFuture<>();
        openNext(listen, listen.endpoints().iterator(), open);
        return open;
    }

    private void openNext(ListenConfig listen, Iterator<Endpoint> rest, CompletableFuture<Void> open) {
        if (!rest.hasNext()) {
            open.complete(null);
            return;
        }
        Future<LinkPort> binding = LinkPort.bind(context.loops(), rest.next(), listen.options(), acceptor);
        binding.addListener(done -> {
            if (done.isSuccess()) {
                ports.add(binding.getNow());
                openNext(listen, rest, open);
            } else {
                close();
                open.completeExceptionally(done.cause());
            }
        });
    }

    /** Serves a connection that an embedder has. */
    void attach(String name, long handshakeMillis, Future<Channel> connection, SessionAcceptor.Outcome outcome) {
        acceptor.attach(name, handshakeMillis, connection, outcome);
    }

    List<Endpoint> endpoints() {
        return ports.stream().map(LinkPort::endpoint).toList();
    }

    /** Ends the sessions of a principal that has lost its access. */
    void revoke(Principal principal, ErrorCode code, String text) {
        acceptor.revoke(session -> session.peer().equals(principal), code, text);
    }

    CompletionStage<Void> drain(DrainPlan plan) {
        return acceptor.drain(plan);
    }

    @Override
    public void close() {
        end();
    }

    /** Ends all sessions; completes when their loops have done so. */
    CompletionStage<Void> end() {
        ports.forEach(LinkPort::close);
        acceptor.close();
        return acceptor.drain(DrainPlan.within(1));
    }
}
