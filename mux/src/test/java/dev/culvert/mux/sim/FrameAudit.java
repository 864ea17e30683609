package dev.culvert.mux.sim;

import dev.culvert.mux.Profile;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands under one session and checks each frame that it writes against the rules and the frames that it has read: credit
 * above all, then order, flags, acknowledgements and pongs. What it knows comes from the wire alone. Owned by its channel's
 * event loop. A violation is reported to the simulation and names the rule.
 */
public final class FrameAudit extends ChannelDuplexHandler {
    private static final int CONTROL_WINDOW = 64 * 1024;
    private static final int PLAIN_WINDOW = 256 * 1024;
    private static final int PLAIN_UNACKNOWLEDGED = 256;
    private static final int PLAIN_FRAME = 64 * 1024;

    private final SimNet net;
    private final boolean dialler;
    private final Profile profile;
    private final Windows given;
    private final Windows granted;
    private final Map<Integer, AuditedStream> streams = new HashMap<>();
    private final BitSet closedHere = new BitSet();
    private final BitSet closedThere = new BitSet();
    private final ArrayDeque<Integer> pings = new ArrayDeque<>();
    private final List<Integer> endedInThisRead = new ArrayList<>();
    private final FrameParser reads = new FrameParser(false, this::onRead);
    private final FrameParser writes = new FrameParser(false, this::onWrite);
    private long sessionCredit;
    private long sessionGrant;
    private int unacknowledged;
    private int owedAcknowledgements;
    private int highestOpened;
    private boolean goneAway;
    private long framesWritten;

    /**
     * The windows that one side starts with. <em>Immutable.</em>
     *
     * @param stream bytes of initial credit of a stream
     * @param session bytes of initial credit of all streams but the first
     */
    public record Windows(int stream, int session) {
        public static final Windows PLAIN = new Windows(PLAIN_WINDOW, Integer.MAX_VALUE);
    }

    /**
     * @param given what the peer gave to this side
     * @param granted what this side gave to the peer
     */
    public FrameAudit(SimNet net, boolean dialler, Profile profile, Windows given, Windows granted) {
        this.net = net;
        this.dialler = dialler;
        this.profile = profile;
        this.given = given;
        this.granted = granted;
        this.sessionCredit = given.session();
        this.sessionGrant = granted.session();
    }

    /** Puts audits under both ends of a link, before the sessions start; returns the dialler's, then the acceptor's. */
    public static FrameAudit[] both(SimNet net, SimLink link, Profile profile, Windows dialler, Windows acceptor) {
        FrameAudit near = new FrameAudit(net, true, profile, acceptor, dialler).on(link.dialler());
        FrameAudit far = new FrameAudit(net, false, profile, dialler, acceptor).on(link.acceptor());
        return new FrameAudit[] {near, far};
    }

    public FrameAudit on(Channel channel) {
        channel.pipeline().addLast(this);
        net.invariant(() -> checkOwed(channel));
        return this;
    }

    /** Bytes that this side may still send on all streams but the first. */
    public long sessionCredit() {
        return sessionCredit;
    }

    /** Bytes that the peer may still send on all streams but the first. */
    public long sessionGrant() {
        return sessionGrant;
    }

    /** Bytes that this side may still send on the stream; 0 if it is over or unknown. */
    public long streamCredit(int id) {
        AuditedStream stream = streams.get(id);
        return stream == null ? 0 : stream.credit;
    }

    /** Bytes that the peer may still send on the stream; 0 if it is over or unknown. */
    public long streamGrant(int id) {
        AuditedStream stream = streams.get(id);
        return stream == null ? 0 : stream.grant;
    }

    /** Streams that have not come to an end on the wire. */
    public int openStreams() {
        return streams.size();
    }

    public long framesWritten() {
        return framesWritten;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reads.feed((ByteBuf) message);
        ctx.fireChannelRead(message);
        endedInThisRead.forEach(this::forget);
        endedInThisRead.clear();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        writes.feed((ByteBuf) message);
        ctx.write(message, promise);
    }

    private void checkOwed(Channel channel) {
        if (owedAcknowledgements != 0 && channel.isWritable()) {
            throw new AssertionError("[MUX-3] " + owedAcknowledgements + " SYN read and not acknowledged in that turn");
        }
    }

    private void onRead(Frame frame) {
        switch (frame.type()) {
            case Frame.PING -> onPingRead(frame);
            case Frame.DATA, Frame.WINDOW_UPDATE -> onStreamRead(frame);
            default -> {}
        }
    }

    private void onPingRead(Frame frame) {
        if (frame.has(Frame.SYN)) {
            pings.add(frame.length());
        }
    }

    private void onStreamRead(Frame frame) {
        boolean control = frame.id() == 1;
        if (frame.isData() && !control) {
            sessionGrant -= frame.length();
        }
        if (frame.id() == 0) {
            sessionCredit += unsigned(frame);
            return;
        }
        AuditedStream stream = streams.get(frame.id());
        if (stream == null && frame.has(Frame.SYN) && !closed(frame.id())) {
            stream = open(frame.id());
            stream.owesAck = true;
            owedAcknowledgements++;
        }
        if (stream != null) {
            onKnownStreamRead(frame, stream);
        }
    }

    private void onKnownStreamRead(Frame frame, AuditedStream stream) {
        if (stream.ours && stream.unacknowledged) {
            stream.unacknowledged = false;
            unacknowledged--;
        }
        if (frame.isData()) {
            stream.grant -= frame.length();
        } else if (!frame.has(Frame.RST) && !frame.has(Frame.STOP)) {
            stream.credit += unsigned(frame);
        }
        stream.finRead |= frame.has(Frame.FIN);
        if (frame.has(Frame.RST) || stream.finRead && stream.finWritten) {
            settle(stream);
            endedInThisRead.add(frame.id());
        }
    }

    private void onWrite(Frame frame) {
        framesWritten++;
        int version = profile == Profile.X ? 1 : 0;
        check(frame.version() == version, "[MUX-1] version", frame);
        check(!goneAway || frame.type() != Frame.GO_AWAY || frame.length() != 0, "[MUX-16] a second GoAway", frame);
        switch (frame.type()) {
            case Frame.PING -> onPingWritten(frame);
            case Frame.GO_AWAY -> onGoAwayWritten(frame);
            case Frame.DATA, Frame.WINDOW_UPDATE -> onStreamWritten(frame);
            default -> check(false, "[MUX-6] unknown type", frame);
        }
    }

    private void onPingWritten(Frame frame) {
        check(frame.id() == 0, "[MUX-12] a ping on a stream", frame);
        check(frame.flags() == Frame.SYN || frame.flags() == Frame.ACK, "[MUX-12] flags of a ping", frame);
        if (frame.has(Frame.ACK)) {
            Integer expected = pings.poll();
            check(expected != null && expected == frame.length(), "[MUX-12] pong, expected " + expected, frame);
        }
    }

    private void onGoAwayWritten(Frame frame) {
        goneAway = true;
        boolean plainAndOrderly = profile == Profile.Y && frame.length() == 0;
        check(!plainAndOrderly || streams.isEmpty(), "[MUX-16] GoAway(0) to a Y peer with open streams", frame);
    }

    private void onStreamWritten(Frame frame) {
        if (frame.id() == 0) {
            check(profile == Profile.X && !frame.isData() && frame.flags() == 0, "[MUX-5] on stream 0", frame);
            sessionGrant += unsigned(frame);
            return;
        }
        checkFlags(frame);
        AuditedStream stream = streams.get(frame.id());
        if (frame.has(Frame.SYN)) {
            check(stream == null && !closed(frame.id()), "[MUX-2] SYN for a known stream", frame);
            stream = openOurs(frame);
        }
        if (stream == null) {
            boolean late = closed(frame.id()) && !frame.isData() && !frame.has(Frame.SYN | Frame.ACK | Frame.FIN);
            boolean resetByPeer = closedThere.get(index(frame.id()));
            check(late || resetByPeer, "[MUX-7] a frame for an unknown or finished stream", frame);
            return;
        }
        checkOrder(frame, stream);
        account(frame, stream);
    }

    private void checkFlags(Frame frame) {
        int bits = Integer.bitCount(frame.flags());
        check(profile == Profile.X || bits <= 1, "[MUX-10] more than one flag to a Y peer", frame);
        check(profile == Profile.X || !frame.has(Frame.STOP), "[MUX-9] STOP to a Y peer", frame);
        check(bits == 1 || !frame.has(Frame.RST | Frame.STOP), "[MUX-10] RST and STOP stand alone", frame);
        check(!frame.isData() || !frame.has(Frame.STOP), "[MUX-9] STOP on Data", frame);
        check(!frame.isData() || !frame.has(Frame.RST) || frame.length() == 0, "[MUX-8] RST with payload", frame);
        boolean tooLong = frame.isData() && (frame.length() < 0 || frame.length() > PLAIN_FRAME);
        check(!tooLong, "[MUX-14] more payload than 64 KiB", frame);
    }

    private void checkOrder(Frame frame, AuditedStream stream) {
        if (stream.owesAck) {
            check(frame.has(Frame.ACK) || frame.has(Frame.RST), "[MUX-3] a frame before the ACK", frame);
            stream.owesAck = false;
            owedAcknowledgements--;
        } else {
            check(!frame.has(Frame.ACK), "[MUX-3] an ACK that nobody asked for", frame);
        }
        check(!stream.rstWritten, "[MUX-8] a frame after RST", frame);
        check(!stream.finWritten || !frame.isData() || frame.has(Frame.RST), "[MUX-7] data after FIN", frame);
        check(!stream.finWritten || !frame.has(Frame.FIN), "[MUX-7] a second FIN", frame);
    }

    private void account(Frame frame, AuditedStream stream) {
        if (frame.isData()) {
            check(stream.credit >= frame.length(), "[MUX-4] stream credit is " + stream.credit, frame);
            stream.credit -= frame.length();
            if (profile == Profile.X && frame.id() != 1) {
                check(sessionCredit >= frame.length(), "[MUX-5] session credit is " + sessionCredit, frame);
                sessionCredit -= frame.length();
            }
        } else if (!frame.has(Frame.RST) && !frame.has(Frame.STOP)) {
            stream.grant += unsigned(frame);
            check(stream.grant <= 0xffffffffL, "[MUX-6] credit past 2^32-1", frame);
        }
        stream.finWritten |= frame.has(Frame.FIN);
        stream.rstWritten |= frame.has(Frame.RST);
        if (stream.rstWritten || stream.finWritten && stream.finRead) {
            forget(frame.id());
        }
    }

    private AuditedStream openOurs(Frame frame) {
        int id = frame.id();
        check((id & 1) == (dialler ? 1 : 0), "[MUX-2] parity", frame);
        check(Integer.compareUnsigned(id, highestOpened) > 0, "[MUX-2] ids increase, highest " + highestOpened, frame);
        highestOpened = id;
        unacknowledged++;
        check(profile == Profile.X || unacknowledged <= PLAIN_UNACKNOWLEDGED, "[MUX-13] unacknowledged opens", frame);
        AuditedStream stream = open(id);
        stream.ours = true;
        stream.unacknowledged = true;
        return stream;
    }

    private AuditedStream open(int id) {
        AuditedStream stream = new AuditedStream();
        boolean control = profile == Profile.X && id == 1;
        stream.credit = control ? CONTROL_WINDOW : given.stream();
        stream.grant = control ? CONTROL_WINDOW : granted.stream();
        streams.put(id, stream);
        return stream;
    }

    private void settle(AuditedStream stream) {
        if (stream.owesAck) {
            stream.owesAck = false;
            owedAcknowledgements--;
        }
    }

    private void forget(int id) {
        AuditedStream stream = streams.remove(id);
        if (stream == null) {
            return;
        }
        settle(stream);
        if (stream.unacknowledged) {
            unacknowledged--;
        }
        closedHere.set(index(id));
        if (!stream.rstWritten && !(stream.finRead && stream.finWritten)) {
            closedThere.set(index(id));
        }
    }

    private boolean closed(int id) {
        return closedHere.get(index(id));
    }

    private static int index(int id) {
        return id & 0x7fffffff;
    }

    private static long unsigned(Frame frame) {
        return Integer.toUnsignedLong(frame.length());
    }

    private void check(boolean holds, String rule, Frame frame) {
        if (!holds) {
            net.fail(new AssertionError((dialler ? "dialler: " : "acceptor: ") + rule + ": " + frame));
        }
    }

    /** What the wire says of one stream. Owned by its audit. */
    private static final class AuditedStream {
        private long credit;
        private long grant;
        private boolean ours;
        private boolean unacknowledged;
        private boolean owesAck;
        private boolean finRead;
        private boolean finWritten;
        private boolean rstWritten;
    }
}
