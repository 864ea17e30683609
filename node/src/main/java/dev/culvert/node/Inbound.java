package dev.culvert.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Verdict;
import dev.culvert.link.proto.StreamOpen;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stream that a peer opened, until it is answered: read what it wants, check it, then hand it to a service of this node or pass it
 * on. Owned by the stream's event loop.
 *
 * <pre>
 * reading     StreamOpen is not complete         head, deadline, reset
 * deciding    a service or the next hop decides   accept, refuse, reset by the caller
 * answered    somebody else has the stream
 * </pre>
 */
final class Inbound implements Head.Reader, Incoming, Dial.Result {
    private final Switchboard board;
    private final Peer from;
    private final MuxStream stream;
    private final Head head;
    private @Nullable Call call;
    private @Nullable Dial dial;
    private Runnable gone = () -> {};
    private Deadlines.Place<Inbound> openDeadline = Deadlines.none();
    private int forwarded;
    private boolean answered;

    private Inbound(Switchboard board, Peer from, MuxStream stream) {
        this.board = board;
        this.from = from;
        this.stream = stream;
        boolean relayed = from.trust() == Peer.Trust.RELAY;
        this.head = new Head(relayed ? Call.MAX_RELAYED_BYTES : Call.MAX_ORIGIN_BYTES, this);
    }

    /** The handler of a stream that {@code from} has just opened. */
    static StreamHandler on(Switchboard board, Peer from, MuxStream stream) {
        Inbound inbound = new Inbound(board, from, stream);
        inbound.openDeadline = from.heads().add(inbound);
        return inbound.head;
    }

    /** StreamOpen did not come in time. [OPEN-1] */
    void onOpenDeadline() {
        answered = true;
        head.discard(stream);
        stream.reset(ErrorCode.DEADLINE.number());
    }

    @Override
    public void onHead(MuxStream opened, Head complete, byte[] message) {
        openDeadline.cancel();
        long nowNanos = nowNanos();
        Call received;
        try {
            received = Call.received(StreamOpen.parseFrom(message), from, nowNanos);
        } catch (InvalidProtocolBufferException e) {
            refuse(board.refused(ErrorCode.PROTOCOL, "the first message is no StreamOpen"));
            return;
        }
        Optional<Refused> fault = board.isDraining()
                ? Optional.of(board.refused(ErrorCode.DRAINING, "this node takes no more streams"))
                : received.fault(from.scope(), board.node(), nowNanos);
        if (fault.isEmpty() && from.isDirect()) {
            fault = directFault(received);
        }
        received = received.without(DirectDesk.TICKET);
        call = received;
        if (fault.isPresent()) {
            refuse(fault.get());
        } else {
            admit(received);
        }
    }

    private void admit(Call received) {
        StreamGate gate = from.gate();
        if (gate == null || received.isReserved() || received.isProbe()) {
            route(received);
        } else {
            gate.ask(received).thenAccept(verdict -> Hop.to(from.loop(), () -> onVerdict(received, verdict)));
        }
    }

    /** A direct link carries streams from its dialler to services for which it has a ticket, and nothing else. [DIRECT-5] */
    private Optional<Refused> directFault(Call received) {
        DirectDesk desk = board.direct();
        if (from.isUpstream() || desk == null || received.isReserved() || received.asksDirect()) {
            return Optional.of(board.refused(ErrorCode.DENIED, "'" + received.key() + "' is not for a direct link"));
        }
        return Optional.ofNullable(desk.fault(from, received));
    }

    private void onVerdict(Call received, Verdict verdict) {
        if (verdict.isAccepted()) {
            maybeRoute(received);
        } else {
            refuse(board.refused(verdict.code(), verdict.text()));
        }
    }

    /** The caller may have gone while somebody decided. */
    private void maybeRoute(Call received) {
        if (!answered) {
            route(received);
        }
    }

    private void route(Call received) {
        if (received.isReserved() && !received.open().getPathList().isEmpty()) {
            refuse(board.refused(
                    ErrorCode.DENIED, "'" + received.key() + "' is for those who are linked to this node [OPEN-13]"));
            return;
        }
        LocalService own =
                from.isUpstream() || from.isDirect() ? board.services().find(received.key()) : null;
        if (own != null) {
            begin(own, received);
            return;
        }
        if (from.isDirect()) {
            refuse(board.refused(
                    ErrorCode.UNKNOWN_SERVICE, "'" + received.key() + "' is not offered by this node itself"));
            return;
        }
        Router.Found found = board.router().find(received, from);
        if (found.exits().isEmpty()) {
            refuse(found.nothing().get());
        } else if (found.exits().get(0) == Router.Here.HERE) {
            serve(received);
        } else {
            received.loop(board.node()).ifPresentOrElse(this::refuse, () -> passOn(received, found));
        }
    }

    private void passOn(Call received, Router.Found found) {
        ByteBuf payload = head.peek(Dial.MAX_KEPT, stream.session().channel().alloc());
        forwarded = payload.readableBytes();
        Dial onward = board.dialer().prepare(new Dial.Request(received, from, from.loop(), payload), this);
        dial = onward;
        onward.start(found);
    }

    private void serve(Call received) {
        LocalService service = board.services().find(received.key());
        if (service == null) {
            refuse(board.refused(ErrorCode.UNKNOWN_SERVICE, "'" + received.key() + "' is not offered here any more"));
        } else {
            begin(service, received);
        }
    }

    private void begin(LocalService service, Call received) {
        if (received.asksDirect()) {
            answerDirect();
        } else if (received.isProbe()) {
            service.probe(this);
        } else {
            service.open(this);
        }
    }

    private void answerDirect() {
        DirectDesk desk = board.direct();
        if (desk == null || !from.isUpstream()) {
            refuse(board.refused(ErrorCode.DENIED, "this node takes no direct links"));
        } else {
            desk.answer(this);
        }
    }

    @Override
    public void onOpened(Dial.Opened opened) {
        dial = null;
        answered = true;
        head.skip(stream, forwarded);
        Wire.accept(stream);
        board.traffic().open();
        Relay.join(board.traffic(), stream, head, opened);
    }

    @Override
    public void onRefused(Refused refused) {
        dial = null;
        refuse(refused);
    }

    @Override
    public Call call() {
        if (call == null) {
            throw new IllegalStateException("no StreamOpen has come yet");
        }
        return call;
    }

    @Override
    public MuxStream stream() {
        return stream;
    }

    @Override
    public Peer from() {
        return from;
    }

    @Override
    public void onGone(Runnable task) {
        gone = task;
    }

    @Override
    public boolean accept(StreamHandler handler) {
        if (answered) {
            return false;
        }
        answered = true;
        Wire.accept(stream);
        head.take(stream, handler);
        return true;
    }

    @Override
    public void refuse(Refused refused) {
        if (answered) {
            return;
        }
        answered = true;
        board.traffic().refuse();
        stream.write(Wire.encode(stream.session().channel().alloc(), refused.toReply(), Unpooled.EMPTY_BUFFER));
        stream.finish();
        stream.stop(refused.code().number());
        head.take(stream, Discard.started(from, stream));
    }

    @Override
    public void onNoHead(MuxStream opened, ErrorCode code, String text) {
        openDeadline.cancel();
        refuse(board.refused(code, "StreamOpen: " + text));
    }

    @Override
    public void onGone(MuxStream opened, int code) {
        openDeadline.cancel();
        if (!answered) {
            answered = true;
            if (dial != null) {
                dial.cancel(code);
            }
            gone.run();
        }
    }

    private long nowNanos() {
        return from.loop().ticker().nanoTime();
    }
}
