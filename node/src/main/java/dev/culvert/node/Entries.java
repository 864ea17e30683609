package dev.culvert.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The local sockets of this node. Any thread. */
final class Entries implements AutoCloseable {
    private static final long DIAL_MILLIS = 30_000;

    private final OwnDials dials;
    private final Sockets sockets;
    private final Traffic traffic;
    private final List<Opened> open = new CopyOnWriteArrayList<>();

    Entries(OwnDials dials, Sockets sockets, Traffic traffic) {
        this.dials = dials;
        this.sockets = sockets;
        this.traffic = traffic;
    }

    /** As {@link #open(Target, Entrance)}, for connections that are all dialled to one name. */
    SocketAddress open(LocalEntry entry) throws IOException {
        DialTerms terms = new DialTerms(dials.principal(), Map.of(), DIAL_MILLIS, false);
        return open(
                entry.listen(),
                new Forward(entry.address(), terms),
                entry.address().toString());
    }

    /** Not on an event loop. A Unix domain socket is for this user only; a stale one is replaced. */
    SocketAddress open(Target listen, Entrance entrance) throws IOException {
        return open(listen, entrance, "what is asked for");
    }

    /** @param leadsTo for status: a name, or what stands for it */
    private record Opened(Entry entry, String leadsTo) {}

    private SocketAddress open(Target listen, Entrance entrance, String leadsTo) throws IOException {
        Entry opened = Waits.on(Entry.open(dials, sockets, traffic, new Entry.Plan(address(listen), entrance)));
        open.add(new Opened(opened, leadsTo));
        if (listen instanceof Target.Unix unix) {
            Files.setPosixFilePermissions(unix.path(), PosixFilePermissions.fromString("rw-------"));
        }
        return opened.listening();
    }

    private SocketAddress address(Target listen) throws IOException {
        if (listen instanceof Target.Tcp tcp) {
            return new InetSocketAddress(tcp.host(), tcp.port());
        }
        if (!(listen instanceof Target.Unix unix)) {
            throw new IOException("cannot listen on " + listen + " (expected: a host and a port, or unix:/path)");
        }
        Files.deleteIfExists(unix.path());
        return sockets.unixAddress(unix);
    }

    List<SocketAddress> listening() {
        return open.stream().map(opened -> opened.entry().listening()).toList();
    }

    /** Where they listen and where they lead. */
    List<NodeStatus.ServiceStatus> states(String namespace) {
        return open.stream()
                .map(opened -> new NodeStatus.ServiceStatus(
                        namespace,
                        "",
                        opened.leadsTo(),
                        "forward",
                        opened.entry().toString(),
                        0))
                .toList();
    }

    @Override
    public void close() {
        open.forEach(opened -> opened.entry().close());
    }
}
