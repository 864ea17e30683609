package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks each relay that this relay links to for its routes, as long as the link is up. Any thread. [ROUTE-10] */
final class RouteDials implements Upstream.Observer {
    private static final Logger LOG = LoggerFactory.getLogger(RouteDials.class);
    private static final long DIAL_MILLIS = 30_000;
    private static final long RETRY_SECONDS = 5;

    private final Dialer dialer;
    private final RouteExchange exchange;
    private final Member self;

    RouteDials(Dialer dialer, RouteExchange exchange, Member self) {
        this.dialer = dialer;
        this.exchange = exchange;
        this.self = self;
    }

    @Override
    public void onUp(Peer peer) {
        Hop.to(peer.loop(), () -> ask(peer));
    }

    /** The stream ends with its session, and tells it. */
    @Override
    public void onDown(Peer peer) {}

    private void ask(Peer peer) {
        if (!peer.isUp() || dialer.isClosed() || exchange.isDraining()) {
            return;
        }
        DialTerms terms = new DialTerms(self.principal().id(), Map.of(), DIAL_MILLIS, true);
        Call call = Call.own(
                Address.service(RoutesService.NAME),
                peer.scope().namespace(),
                terms,
                peer.loop().ticker().nanoTime());
        dialer.prepare(new Dial.Request(call, null, peer.loop(), Unpooled.EMPTY_BUFFER), new Answer(peer))
                .start(new Router.Found(List.of(peer), () -> dialer.refused(ErrorCode.NO_ROUTE, "the link went down")));
    }

    private void askLater(Peer peer) {
        if (peer.isUp()) {
            peer.loop().schedule(() -> ask(peer), RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    private final class Answer implements Dial.Result {
        private final Peer peer;

        Answer(Peer peer) {
            this.peer = peer;
        }

        @Override
        public void onOpened(Dial.Opened opened) {
            RouteStream stream = new RouteStream(exchange, peer, opened.stream(), () -> askLater(peer));
            opened.head().take(opened.stream(), stream);
            stream.begin();
        }

        @Override
        public void onRefused(Refused refused) {
            if (refused.code().retryHelps()) {
                askLater(peer);
            } else {
                LOG.info("{} is the way to what is not known here: {}", peer.node(), refused.text());
            }
        }
    }
}
