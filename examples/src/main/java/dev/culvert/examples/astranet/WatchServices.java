package dev.culvert.examples.astranet;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.OfferedService;
import dev.culvert.node.ServiceWatcher;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** A live set of what may be dialled: everything at the beginning, then each change as a relay tells it. */
public final class WatchServices implements ServiceWatcher, AutoCloseable {
    private final Set<String> addresses = new ConcurrentSkipListSet<>();
    private final AutoCloseable watch;

    /** @param patterns apart by commas; {@code *} stands for anything */
    public WatchServices(Node node, String patterns) {
        this.watch = ((CulvertNode) node).watch(patterns, this);
    }

    /** Changes as the network does. */
    public Set<String> addresses() {
        return addresses;
    }

    @Override
    public void onOffered(OfferedService service) {
        addresses.add(service.address());
    }

    @Override
    public void onGone(OfferedService service) {
        addresses.remove(service.address());
    }

    @Override
    public void onSynced(String relay) {
        // What is there is known now; a program that must not act on less waits for this.
    }

    @Override
    public void onLost(String relay, ErrorCode code, String text) {
        // Everything that this relay told has been taken back; the node links again by itself.
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("a watch ends without a failure", e);
        }
    }
}
