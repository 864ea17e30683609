package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Node;
import dev.culvert.api.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;

/**
 * A hub that asks for a token: who shows a wrong one may not link, who shows none may open the stream called "public" and no other. The
 * token comes on top of the key that every node proves.
 */
public final class AuthenticatedServices {
    private static final String PUBLIC = "public";

    private AuthenticatedServices() {}

    /** @param tokens by identity */
    static Node hub(Path state, Map<String, String> tokens) throws IOException {
        Node hub = Node.builder()
                .name("hub")
                .listen("127.0.0.1:0")
                .stateDirectory(state)
                .validateSessions(request -> request.identity().isEmpty()
                        ? Verdict.ACCEPT
                        : verdict(tokens, request.identity(), request.token()))
                .validateStreams(request -> request.address().service().equals(PUBLIC)
                        ? Verdict.ACCEPT
                        : verdict(tokens, request.identity(), request.token()))
                .start();
        hub.handleCalls(PUBLIC, request -> "anybody".getBytes(UTF_8));
        hub.handleCalls("account.balance", request -> "42".getBytes(UTF_8));
        return hub;
    }

    private static Verdict verdict(Map<String, String> tokens, String identity, byte[] token) {
        String known = tokens.get(identity);
        return known != null && MessageDigest.isEqual(known.getBytes(UTF_8), token)
                ? Verdict.ACCEPT
                : Verdict.refuse("unknown identity or token");
    }

    /** A client that identifies itself. Without a link for now; {@link Node#awaitLink} says whether the hub takes it. */
    static Node client(String joinString, String identity, String token) throws IOException {
        return Node.builder()
                .join(joinString)
                .identity(identity, token.getBytes(UTF_8))
                .start();
    }

    /** One that does not. */
    static Node guest(String joinString) throws IOException {
        return Node.builder().join(joinString).start();
    }
}
