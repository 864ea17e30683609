package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.policy.PortRange;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * TCP ports of this relay that lead to registered services [CTRL-4]. Owned by the registrar's loop. A service that returns gets the port
 * that it had, if it is free.
 */
final class PublicPorts {
    private static final int REMEMBERED = 4096;
    private static final long DIAL_MILLIS = 30_000;

    private final EventLoop loop;
    private final OwnDials dials;
    private final Sockets sockets;
    private final Traffic traffic;
    private final String host;
    private final Set<Key> wanted = new HashSet<>();
    private final Map<Key, Entry> open = new HashMap<>();
    private final Map<String, Integer> before = new LinkedHashMap<>();

    PublicPorts(EventLoop loop, OwnDials dials, Sockets sockets, Traffic traffic, String host) {
        this.loop = loop;
        this.dials = dials;
        this.sockets = sockets;
        this.traffic = traffic;
        this.host = host;
    }

    private record Key(long member, int offer) {
        static Key of(Member member, Offer offer) {
            return new Key(member.id(), offer.id());
        }
    }

    /** Opens the port that an offer asks for; completes with it, or with why it is not open. */
    CompletionStage<Opened> open(Member member, Offer offer) {
        CompletableFuture<Opened> future = new CompletableFuture<>();
        wanted.add(Key.of(member, offer));
        PortRange range = member.scope().publicPorts();
        int remembered = before.getOrDefault(name(member, offer), 0);
        int first =
                offer.publicPort() > 0 ? offer.publicPort() : range.contains(remembered) ? remembered : firstOf(range);
        int last = offer.publicPort() > 0 ? offer.publicPort() : range.last();
        attempt(new Search(member, offer, last, future), first, remembered == first && first != firstOf(range));
        return future;
    }

    /** @param port 0: none could be opened, for the reason */
    record Opened(int port, String reason) {}

    private record Search(Member member, Offer offer, int last, CompletableFuture<Opened> future) {}

    private void attempt(Search search, int port, boolean fromStartNext) {
        if (port > search.last()) {
            search.future().complete(new Opened(0, "no public port is free in the scope's range"));
            return;
        }
        Offer offer = search.offer();
        Member member = search.member();
        Address address = new Address(
                member.node(), offer.service(), offer.service().isEmpty() ? offer.port() : 0, member.namespace());
        DialTerms terms = new DialTerms("public:" + port, Map.of(), DIAL_MILLIS, false);
        Future<Entry> opening = Entry.open(
                dials,
                sockets,
                traffic,
                new Entry.Plan(new InetSocketAddress(host, port), new Forward(address, terms)));
        opening.addListener(done -> Hop.to(loop, () -> {
            if (done.isSuccess()) {
                search.future().complete(keep(search, opening.getNow(), port));
            } else if (search.offer().publicPort() > 0) {
                search.future()
                        .complete(new Opened(0, String.valueOf(done.cause().getMessage())));
            } else {
                attempt(search, fromStartNext ? firstOf(search.member().scope().publicPorts()) : port + 1, false);
            }
        }));
    }

    private Opened keep(Search search, Entry entry, int port) {
        Key key = Key.of(search.member(), search.offer());
        if (!wanted.contains(key)) {
            entry.close();
            return new Opened(0, "the registration has ended meanwhile");
        }
        open.put(key, entry);
        remember(name(search.member(), search.offer()), port);
        return new Opened(port, "");
    }

    private void remember(String name, int port) {
        before.remove(name);
        before.put(name, port);
        if (before.size() > REMEMBERED) {
            before.remove(before.keySet().iterator().next());
        }
    }

    private static int firstOf(PortRange range) {
        return Math.max(range.first(), Math.min(1024, range.last()));
    }

    private static String name(Member member, Offer offer) {
        return member.namespace() + "/" + member.principal().id() + "/" + member.node() + "/" + offer.label();
    }

    /** The port of a registration; 0: none. */
    int port(Member member, Offer offer) {
        Entry entry = open.get(new Key(member.id(), offer.id()));
        return entry == null ? 0 : ((InetSocketAddress) entry.listening()).getPort();
    }

    void close(Member member, int offerId) {
        Key key = new Key(member.id(), offerId);
        wanted.remove(key);
        Entry entry = open.remove(key);
        if (entry != null) {
            entry.close();
        }
    }

    void closeAll(Member member) {
        wanted.removeIf(key -> key.member() == member.id());
        open.entrySet().removeIf(each -> {
            boolean own = each.getKey().member() == member.id();
            if (own) {
                each.getValue().close();
            }
            return own;
        });
    }

    void closeAll() {
        wanted.clear();
        open.values().forEach(Entry::close);
        open.clear();
    }
}
