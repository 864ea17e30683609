package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.Identity;
import dev.culvert.api.StreamRequest;
import dev.culvert.api.Verdict;
import dev.culvert.link.proto.StreamOpen;
import java.util.concurrent.CompletionStage;

/**
 * Asks about the streams of one peer. <em>Immutable.</em>
 *
 * @param node the peer's name
 * @param identity what it calls itself
 */
record StreamGate(Gate gate, String node, Identity identity) {
    /** Completes on any thread. */
    CompletionStage<Verdict> ask(Call call) {
        StreamOpen open = call.open();
        return gate.stream(new StreamRequest(
                new Address(open.getNode(), open.getService(), open.getPort(), open.getNamespace()),
                open.getPrincipal(),
                open.getHeadersMap(),
                node,
                identity.id(),
                identity.token()));
    }
}
