package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks a relay to open a stream to a service of this node, by the whole way that a caller's takes, and to close it at once. Any thread.
 * [OPEN-15]
 */
final class Probe {
    /** A name's service, and a port's number, in the headers of the question. */
    static final String SERVICE = "service";

    static final String PORT = "port";

    /** Marks the stream that the relay opens; callers cannot set it. */
    static final String HEADER = "culvert-probe";

    private final Dialer dialer;
    private final Member self;

    Probe(Dialer dialer, Member self) {
        this.dialer = dialer;
        this.self = self;
    }

    /** What came of it; on the peer's loop, once. */
    interface Result {
        void onReached(long nanos);

        void onNotReached(ErrorCode code, String text);
    }

    void ask(Peer peer, Offer offer, Result result) {
        Hop.to(peer.loop(), () -> {
            long beginNanos = peer.loop().ticker().nanoTime();
            Map<String, String> headers = new HashMap<>();
            headers.put(SERVICE, offer.service());
            headers.put(PORT, Integer.toUnsignedString(offer.port()));
            // twice what the target may take to accept: the way there and back is the other half
            long millis = 2 * dialer.limits().times().connectMillis();
            DialTerms terms = new DialTerms(self.principal().id(), headers, millis, true);
            Call call =
                    Call.own(Address.service(ProbeService.NAME), peer.scope().namespace(), terms, beginNanos);
            Dial.Request request = new Dial.Request(call, null, peer.loop(), Unpooled.EMPTY_BUFFER);
            dialer.prepare(request, new Answer(peer, beginNanos, result))
                    .start(new Router.Found(
                            List.of(peer), () -> dialer.refused(ErrorCode.NO_ROUTE, "the link went down")));
        });
    }

    /** Takes a probe as answered: the service's node has done its part. On the stream's loop. */
    static void accept(Incoming incoming) {
        Discard discard = new Discard(incoming.from());
        if (incoming.accept(discard)) {
            incoming.stream().finish();
            discard.start(incoming.stream());
        }
    }

    private record Answer(Peer peer, long beginNanos, Result result) implements Dial.Result {
        @Override
        public void onOpened(Dial.Opened opened) {
            opened.stream().finish();
            opened.head().take(opened.stream(), Discard.started(peer, opened.stream()));
            result.onReached(peer.loop().ticker().nanoTime() - beginNanos);
        }

        @Override
        public void onRefused(Refused refused) {
            result.onNotReached(refused.code(), refused.hop() + ": " + refused.text());
        }
    }
}
