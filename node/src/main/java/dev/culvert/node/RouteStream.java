package dev.culvert.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.RouteEvent;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.policy.Names;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * The stream on which two relays tell each other their routes, at either end. Owned by its loop. What waits in it is bounded: the next
 * messages are asked for when there is room. [ROUTE-11]
 */
final class RouteStream implements StreamHandler, EventReader.Events {
    private static final int HIGH_BYTES = 64 * 1024;

    private final RouteExchange exchange;
    private final Peer peer;
    private final MuxStream stream;
    private final Runnable ended;
    private final EventReader reader = new EventReader(this);
    private Runnable room = () -> {};
    private boolean over;

    /** @param ended runs once, on the stream's loop */
    RouteStream(RouteExchange exchange, Peer peer, MuxStream stream, Runnable ended) {
        this.exchange = exchange;
        this.peer = peer;
        this.stream = stream;
        this.ended = ended;
    }

    /** After the stream was accepted. */
    void begin() {
        exchange.up(peer, this);
    }

    /** Writes the messages; {@code whenRoom} runs when more may follow. On the loop. */
    void send(List<RouteEvent> messages, Runnable whenRoom) {
        if (over) {
            return;
        }
        for (RouteEvent message : messages) {
            stream.write(Wire.encode(stream.session().channel().alloc(), message, Unpooled.EMPTY_BUFFER));
        }
        room = whenRoom;
        maybeRoom();
    }

    private void maybeRoom() {
        if (!over && stream.queued() < HIGH_BYTES) {
            Runnable now = room;
            room = () -> {};
            now.run();
        }
    }

    @Override
    public void onWritten(MuxStream opened, int bytes) {
        maybeRoom();
    }

    @Override
    public void onEvent(byte[] message) throws InvalidProtocolBufferException {
        RouteEvent event = RouteEvent.parseFrom(message);
        String namespace = peer.scope().namespace();
        switch (event.getMessageCase()) {
            case OFFERED -> {
                Advert advert = RouteMessages.advert(event.getOffered(), namespace);
                if (isLawful(advert)) {
                    exchange.heard(peer, new Neighbour.Offered(advert));
                }
            }
            case GONE -> exchange.heard(peer, RouteMessages.gone(event.getGone(), namespace));
            case SYNCED -> exchange.heard(peer, new Neighbour.Synced());
            default -> {
                // What this version does not know. [LINK-11]
            }
        }
    }

    private static boolean isLawful(Advert advert) {
        NameKey key = advert.key();
        boolean name = key.service().isEmpty() ? key.port() != 0 : Names.serviceFault(key.service()) == null;
        return name && Names.nodeFault(key.node()) == null && Names.nodeFault(advert.origin()) == null;
    }

    @Override
    public void onData(MuxStream opened, ByteBuf data) {
        reader.onData(opened, data);
    }

    @Override
    public void onFinish(MuxStream opened) {
        reader.onFinish(opened);
    }

    @Override
    public void onReset(MuxStream opened, int code) {
        reader.onReset(opened, code);
    }

    @Override
    public void onStop(MuxStream opened, int code) {
        stream.reset(ErrorCode.CANCELLED.number());
        onEnd(ErrorCode.of(code), "the peer reads no more");
    }

    @Override
    public void onEnd(ErrorCode code, String text) {
        if (!over) {
            over = true;
            exchange.down(peer, this);
            ended.run();
        }
    }

    /** Ends it in order: this relay will go. Any thread. */
    void finish() {
        Hop.to(peer.loop(), () -> {
            if (!over) {
                stream.finish();
                stream.handler(Discard.started(peer, stream));
                onEnd(ErrorCode.DRAINING, "this relay drains");
            }
        });
    }
}
