package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.AcceptorOptions;
import dev.culvert.link.DrainPlan;
import dev.culvert.link.LinkContext;
import dev.culvert.link.SessionAcceptor;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPort;
import dev.culvert.policy.Principal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The link ports of a relay and the sessions that come in by them. Any thread. */
final class ListenSide implements AutoCloseable {
    private final SessionAcceptor acceptor;
    private final List<LinkPort> ports = new ArrayList<>();

    private ListenSide(SessionAcceptor acceptor) {
        this.acceptor = acceptor;
    }

    /**
     * Listens everywhere, or nowhere.
     *
     * @throws IOException if a port is in use or may not be opened
     */
    static ListenSide open(AcceptorOptions options, ListenConfig listen, Peers peers, LinkContext context)
            throws IOException {
        ListenSide side = new ListenSide(new SessionAcceptor(options, listen.authenticator(), peers, context));
        try {
            for (Endpoint endpoint : listen.endpoints()) {
                side.ports.add(Waits.on(LinkPort.bind(context.loops(), endpoint, listen.options(), side.acceptor)));
            }
            return side;
        } catch (IOException | RuntimeException e) {
            side.close();
            throw e;
        }
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
