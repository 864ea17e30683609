package dev.culvert.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.WatchEvent;
import dev.culvert.link.proto.WatchedService;
import dev.culvert.mux.MuxStream;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one relay tells of its services, for one {@link OfferListener}: asked again while the link is up. Owned by the loop of the link's
 * session. [WATCH-2]
 */
final class RelayWatch implements Dial.Result, EventReader.Events {
    private static final long DIAL_MILLIS = 30_000;
    private static final long RETRY_SECONDS = 5;

    private final Dialer dialer;
    private final Peer peer;
    private final Member self;
    private final String patterns;
    private final OfferListener watcher;
    private final Map<Address, OfferListener.Told> known = new LinkedHashMap<>();
    private @Nullable MuxStream stream;
    private @Nullable Dial dial;
    private boolean closed;

    RelayWatch(Dialer dialer, Peer peer, Member self, String patterns, OfferListener watcher) {
        this.dialer = dialer;
        this.peer = peer;
        this.self = self;
        this.patterns = patterns;
        this.watcher = watcher;
    }

    boolean isAt(Peer other) {
        return peer == other;
    }

    /** The link is down. Any thread. */
    void over() {
        watcher.onOver();
    }

    /** Any thread. */
    void begin() {
        Hop.to(peer.loop(), this::ask);
    }

    private void ask() {
        if (closed || !peer.isUp()) {
            return;
        }
        DialTerms terms =
                new DialTerms(self.principal().id(), Map.of(WatchService.PATTERN, patterns), DIAL_MILLIS, true);
        Call call = Call.own(
                Address.service(WatchService.NAME),
                self.namespace(),
                terms,
                peer.loop().ticker().nanoTime());
        Dial next = dialer.prepare(new Dial.Request(call, null, peer.loop(), Unpooled.EMPTY_BUFFER), this);
        dial = next;
        next.start(new Router.Found(List.of(peer), () -> dialer.refused(ErrorCode.NO_ROUTE, "the link went down")));
    }

    @Override
    public void onOpened(Dial.Opened opened) {
        dial = null;
        stream = opened.stream();
        opened.head().take(opened.stream(), new EventReader(this));
    }

    @Override
    public void onRefused(Refused refused) {
        dial = null;
        onEnd(refused.code(), refused.text());
    }

    @Override
    public void onEvent(byte[] message) throws InvalidProtocolBufferException {
        WatchEvent event = WatchEvent.parseFrom(message);
        switch (event.getMessageCase()) {
            case OFFERED -> {
                OfferListener.Told service = told(event.getOffered());
                known.put(service.address(), service);
                watcher.onOffered(service);
            }
            case GONE -> {
                OfferListener.Told service = known.remove(told(event.getGone()).address());
                if (service != null) {
                    watcher.onGone(service);
                }
            }
            case SYNCED -> watcher.onSynced(peer.node());
            default -> {
                // What this version does not know. [LINK-11]
            }
        }
    }

    private OfferListener.Told told(WatchedService service) throws InvalidProtocolBufferException {
        try {
            Address address = new Address(service.getNode(), service.getService(), service.getPort(), "");
            return new OfferListener.Told(peer.node(), address, service.getLost(), service.getPathList());
        } catch (IllegalArgumentException e) {
            throw new InvalidProtocolBufferException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void onEnd(ErrorCode code, String text) {
        stream = null;
        if (closed) {
            return;
        }
        known.values().forEach(watcher::onGone);
        known.clear();
        watcher.onLost(peer.node(), code, text);
        if (peer.isUp()) {
            peer.loop().schedule(this::ask, RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Asks no more, and tells nothing more. Any thread. */
    void close() {
        Hop.to(peer.loop(), () -> {
            closed = true;
            if (dial != null) {
                dial.cancel(ErrorCode.CANCELLED.number());
            }
            if (stream != null) {
                stream.reset(ErrorCode.CANCELLED.number());
            }
        });
    }
}
