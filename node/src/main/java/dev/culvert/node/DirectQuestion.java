package dev.culvert.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.DirectOffer;
import dev.culvert.mux.MuxStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A stream to a service, through relays, whose node answers with a direct offer instead of the service. Owned by {@code home}, where the
 * answer comes; what the stream brings comes on the stream's loop. [DIRECT-1]
 */
final class DirectQuestion implements Dial.Result, EventReader.Events {
    private static final long PATIENCE_MILLIS = 10_000;

    private final OwnDials dials;
    private final EventLoop home;
    private final Address address;
    private final Answer answer;
    private boolean over;

    DirectQuestion(OwnDials dials, EventLoop home, Address address, Answer answer) {
        this.dials = dials;
        this.home = home;
        this.address = address;
        this.answer = answer;
    }

    /** On the home loop, once. */
    interface Answer {
        void onOffer(DirectOffer offer);

        void onNone(ErrorCode code);
    }

    void start() {
        DialTerms terms = new DialTerms(dials.principal(), Map.of(DirectDesk.ASK, "1"), PATIENCE_MILLIS, true);
        dials.relayed(address, dials.request(home, address, terms, Unpooled.EMPTY_BUFFER), this);
    }

    @Override
    public void onOpened(Dial.Opened opened) {
        MuxStream stream = opened.stream();
        Hop.to(opened.exit().loop(), () -> {
            opened.head().take(stream, new EventReader(this));
            stream.session().loop().schedule(() -> onLate(stream), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private void onLate(MuxStream stream) {
        if (!over) {
            stream.reset(ErrorCode.CANCELLED.number());
            onEnd(ErrorCode.DEADLINE, "no offer came");
        }
    }

    @Override
    public void onEvent(byte[] message) throws InvalidProtocolBufferException {
        DirectOffer offer = DirectOffer.parseFrom(message);
        if (!over) {
            over = true;
            Hop.to(home, () -> answer.onOffer(offer));
        }
    }

    /** A service that speaks is one whose node did not understand. */
    @Override
    public void onEnd(ErrorCode code, String text) {
        if (!over) {
            over = true;
            boolean lost = code == ErrorCode.LINK_LOST || code == ErrorCode.DEADLINE;
            Hop.to(home, () -> answer.onNone(lost ? code : ErrorCode.PROTOCOL));
        }
    }

    @Override
    public void onRefused(Refused refused) {
        answer.onNone(refused.code());
    }
}
