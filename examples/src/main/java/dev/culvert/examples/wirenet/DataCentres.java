package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.BindOptions;
import dev.culvert.api.CallOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An exchange of several data centres: each links to the exchange, says who it is and answers for its stock; the exchange keeps a table of
 * sessions and asks each centre, or one found by its id, over the session that the centre opened.
 */
public final class DataCentres implements AutoCloseable {
    private final Map<String, Session> centres = new ConcurrentHashMap<>();
    private final Node exchange;

    /** Starts the exchange. */
    public DataCentres(Path state) throws IOException {
        this.exchange = Node.builder()
                .name("exchange")
                .listen("127.0.0.1:0")
                .stateDirectory(state)
                .hooks(new Table())
                .start();
    }

    /** A join string for one centre. */
    public String invite() throws IOException {
        return exchange.invite();
    }

    /** The centre's side. All centres offer the same name, so they say that they share it. */
    static Node centre(String joinString, String identity, String stock) throws IOException {
        Node centre =
                Node.builder().join(joinString).identity(identity, new byte[0]).start();
        centre.handleCalls("stock", BindOptions.DEFAULT.withShared(true), request -> stock.getBytes(UTF_8));
        return centre;
    }

    /** Who is there, by identity, with the id of its session. */
    public Map<String, String> present() {
        Map<String, String> ids = new TreeMap<>();
        centres.values().forEach(session -> ids.put(session.identity(), session.id()));
        return ids;
    }

    /** Asks the centre behind one session. */
    public String stock(String sessionId) throws IOException {
        Session session = centres.get(sessionId);
        if (session == null) {
            throw new IllegalArgumentException(
                    "session '" + sessionId + "' (expected: one of " + centres.keySet() + ")");
        }
        return new String(session.call("stock", new byte[0], CallOptions.DEFAULT), UTF_8);
    }

    @Override
    public void close() {
        exchange.close();
    }

    /** Keeps the table true. */
    private final class Table implements NodeHooks {
        @Override
        public void onSessionOpen(Session session) {
            centres.put(session.id(), session);
        }

        @Override
        public void onSessionClose(Session session, ErrorCode code, String reason) {
            centres.remove(session.id());
        }
    }
}
