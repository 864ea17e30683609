package dev.culvert.node;

import dev.culvert.link.proto.RegisterResult;
import dev.culvert.link.proto.Withdrawn;
import java.util.List;

/** Hears of the relays that this node has linked to. On their sessions' loops. */
interface Uplinks {
    /** @param results the answers to what was offered in Hello */
    void onUp(Peer peer, String relay, List<RegisterResult> results);

    void onDown(Peer peer);

    void onResult(Peer peer, RegisterResult result);

    void onWithdrawn(Peer peer, Withdrawn message);
}
