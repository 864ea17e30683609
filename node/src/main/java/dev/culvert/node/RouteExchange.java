package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.RouteEvent;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Brings the {@link RouteBook} what other relays say and what is registered here, tells them what it knows, and publishes the ways for
 * dials. Owned by the registrar's loop; what is public to other classes may be called by any thread. [ROUTE-10]
 */
final class RouteExchange {
    /** Messages to one neighbour between two looks at how things stand. */
    private static final int BATCH = 64;

    private final RouteBook book;
    private final RouteTable table;
    private final Registrar registrar;
    private final EventLoop loop;
    private final InstantSource clock;
    private final Map<Long, Line> lines = new LinkedHashMap<>();
    private volatile boolean draining;
    private boolean due;

    RouteExchange(RouteBook book, RouteTable table, Registrar registrar, InstantSource clock) {
        this.book = book;
        this.table = table;
        this.registrar = registrar;
        this.loop = registrar.loop();
        this.clock = clock;
        table.onOwnChange(this::onOwn);
    }

    /** A neighbour's stream. {@code busy}: it has not taken yet what it was given. */
    private static final class Line {
        private final Peer peer;
        private final RouteStream stream;
        private boolean busy;

        Line(Peer peer, RouteStream stream) {
            this.peer = peer;
            this.stream = stream;
        }
    }

    /** A relay is ready to be told, and may tell. */
    void up(Peer peer, RouteStream stream) {
        Hop.to(loop, () -> {
            Line before = lines.put(peer.id(), new Line(peer, stream));
            if (before != null) {
                book.down(now(), peer.id());
                before.stream.finish();
            }
            book.up(new Neighbour(peer.id(), peer.node(), peer.scope(), peer));
            later();
        });
    }

    /** It tells no more. */
    void down(Peer peer, RouteStream stream) {
        Hop.to(loop, () -> {
            Line line = lines.get(peer.id());
            if (line != null && line.stream == stream) {
                lines.remove(peer.id());
                peer.markRouter(false);
                book.down(now(), peer.id());
                later();
            }
        });
    }

    /** It says something. */
    void heard(Peer peer, Neighbour.Message message) {
        Hop.to(loop, () -> {
            if (message instanceof Neighbour.Offered offered) {
                book.offered(now(), peer.id(), offered.advert());
            } else if (message instanceof Neighbour.Gone gone) {
                book.gone(now(), peer.id(), gone.id(), gone.version(), gone.withdrawn());
            } else if (lines.containsKey(peer.id())) {
                peer.markRouter(true);
            }
            later();
        });
    }

    /** This relay will go: the others take other ways from now on. */
    void drain() {
        draining = true;
        Hop.to(loop, () -> List.copyOf(lines.values()).forEach(line -> line.stream.finish()));
    }

    boolean isDraining() {
        return draining;
    }

    /** On the registrar's loop, in the midst of what it does. */
    private void onOwn(NameKey key) {
        List<Route> routes = table.find(key);
        Advert before = book.own(key);
        if (routes == null) {
            book.own(key, null, false);
        } else if (!routes.isEmpty()) {
            String principal = routes.get(0).member().principal().id();
            boolean shared = routes.stream().allMatch(route -> route.offer().shared());
            long since = before != null && before.holder().principal().equals(principal)
                    ? before.holder().sinceMillis()
                    : clock.millis();
            book.own(key, new Advert.Holder(principal, shared, since, HttpTerms.of(routes)), false);
        } else if (before != null) {
            book.own(key, before.holder(), true);
        }
        later();
    }

    /** What a turn of the loop brings is dealt with at once, behind it. */
    private void later() {
        if (!due) {
            due = true;
            loop.execute(this::settle);
        }
    }

    private void settle() {
        due = false;
        for (NameKey key : Set.copyOf(book.names().changes())) {
            List<FarRoute> ways = book.names().find(key);
            if (!Objects.equals(ways, table.far(key))) {
                table.publishFar(key, ways);
            }
        }
        for (NameKey key : book.losers()) {
            List<Route> routes = table.find(key);
            for (Route route : routes == null ? List.<Route>of() : List.copyOf(routes)) {
                registrar.withdraw(
                        route, ErrorCode.NAME_TAKEN, "another node had '" + key + "' before, at another relay");
            }
        }
        List.copyOf(lines.values()).forEach(this::tell);
    }

    private void tell(Line line) {
        if (line.busy || lines.get(line.peer.id()) != line) {
            return;
        }
        List<RouteEvent> messages = new ArrayList<>();
        while (messages.size() < BATCH) {
            Neighbour.Message message = book.next(line.peer.id());
            if (message == null) {
                break;
            }
            messages.add(RouteMessages.of(message));
        }
        if (!messages.isEmpty()) {
            line.busy = true;
            Hop.to(
                    line.peer.loop(),
                    () -> line.stream.send(
                            messages,
                            () -> Hop.to(loop, () -> {
                                line.busy = false;
                                tell(line);
                            })));
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
