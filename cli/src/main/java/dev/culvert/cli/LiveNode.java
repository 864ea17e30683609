package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.Binding;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.Entrance;
import dev.culvert.node.ExposedService;
import dev.culvert.node.NodeStatus;
import dev.culvert.node.Publication;
import dev.culvert.node.ServiceWatcher;
import dev.culvert.node.Target;
import dev.culvert.policy.Principal;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;

/** The real thing behind {@link RunningNode}. Any thread. */
record LiveNode(CulvertNode culvert) implements RunningNode {
    @Override
    public Node node() {
        return culvert;
    }

    @Override
    public List<String> listening() {
        return culvert.listening().stream().map(Object::toString).toList();
    }

    @Override
    public List<SocketAddress> entries() {
        return culvert.entries();
    }

    @Override
    public SocketAddress enter(Target listen, Entrance entrance) throws IOException {
        return culvert.enter(listen, entrance);
    }

    @Override
    public Binding expose(ExposedService service) throws IOException {
        return culvert.expose(service);
    }

    @Override
    public AutoCloseable watch(String patterns, ServiceWatcher watcher) {
        return culvert.watch(patterns, watcher);
    }

    @Override
    public Publication publication(Address address) {
        return culvert.publication(address);
    }

    @Override
    public NodeStatus status() {
        return culvert.status();
    }

    @Override
    public String statusJson() {
        return culvert.statusJson();
    }

    @Override
    public void revoke(Principal principal, ErrorCode code, String text) {
        culvert.revoke(principal, code, text);
    }

    @Override
    public void close() {
        culvert.close();
    }
}
