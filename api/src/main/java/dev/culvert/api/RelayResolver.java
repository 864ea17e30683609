package dev.culvert.api;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Says which relay serves a machine, for a node that links when it dials. Asked for each dial of a name that the node does not itself know, on
 * a thread of the node's that may block: at most {@link #MAX_QUESTIONS} at once, and no longer than the dial may take. A thread that
 * is not waited for any more is interrupted.
 *
 * <p>What becomes of the dial, each time as a {@link DialException}:
 *
 * <ul>
 *   <li>no answer before the dial's timeout or deadline: DEADLINE
 *   <li>nothing: the relays that the node is linked to anyway are asked; UNKNOWN_SERVICE if there are none
 *   <li>an {@link IOException}: NO_ROUTE, so that a retry may help; anything else that is thrown, null, and terms that make no sense: INTERNAL
 *   <li>too many questions at once: BUSY
 *   <li>a relay that cannot be reached: NO_ROUTE; one that refuses this node: its code, such as EXPIRED or DENIED
 * </ul>
 */
@FunctionalInterface
public interface RelayResolver {
    /** So many dials are told at once which relay to take; more are refused BUSY. */
    int MAX_QUESTIONS = 256;

    /**
     * Where the machine is found. Equal terms share one link.
     *
     * @param address what is dialled, as the caller wrote it; its {@link Address#node() node} is the machine
     * @return empty: it is not known here
     */
    Optional<RelayTerms> resolve(Address address) throws IOException;

    /** Looks up machines in a map of join strings, which may change meanwhile if it is a concurrent one. */
    static RelayResolver ofJoins(Map<String, String> joinsByMachine) {
        return address ->
                Optional.ofNullable(joinsByMachine.get(address.node())).map(RelayTerms::join);
    }
}
