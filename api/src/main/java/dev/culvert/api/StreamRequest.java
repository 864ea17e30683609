package dev.culvert.api;

import java.util.Map;

/**
 * A stream that somebody opens. <em>Immutable</em>, but for the token's bytes. Prints itself without the token.
 *
 * @param address what is dialled
 * @param principal who dials: as proved here, or as a relay says
 * @param headers as the caller sent them
 * @param node that the stream came from: the caller's, or a relay
 * @param identity what that node calls itself: {@link NodeBuilder#identity}; empty: nothing
 * @param token that it sent with its identity; empty: none
 */
public record StreamRequest(
        Address address, String principal, Map<String, String> headers, String node, String identity, byte[] token) {
    public StreamRequest {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return "StreamRequest[" + address + " by " + principal + " from " + node + "]";
    }
}
