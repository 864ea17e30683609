package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What each frame of the peer means. Owned by its session's event loop. [MUX-6] to [MUX-16]
 *
 * <p>Payload goes on as slices of what was read, except that small pieces of a large buffer are copied, so that nobody who
 * keeps a few bytes pins the whole.
 */
final class FrameReader implements FrameDecoder.Sink {
    private static final int COPY_LIMIT = 1024;
    private static final int COPY_RATIO = 4;
    /**
     * After so many frames of one read, what they have caused is sent. Else both sides fall into step, each idle while the other
     * works through everything that is under way; many more flushes would cost more than they win.
     */
    static final int FRAMES_BETWEEN_FLUSHES = 32;

    private final MuxSession session;
    private final StreamRegistry registry;
    private final InboundCredit credit;
    private final Pings pings;
    private @Nullable MuxStream receiving;
    private boolean finishAfter;
    private int framesSinceFlush;

    FrameReader(MuxSession session, StreamRegistry registry, InboundCredit credit, Pings pings) {
        this.session = session;
        this.registry = registry;
        this.credit = credit;
        this.pings = pings;
    }

    @Override
    public boolean isOver() {
        return session.isOver();
    }

    @Override
    public void onHeader(long word, int length) throws ProtocolViolation {
        if (++framesSinceFlush >= FRAMES_BETWEEN_FLUSHES) {
            framesSinceFlush = 0;
            session.writer().takeTurn();
        }
        session.checkVersion(FrameHeader.version(word));
        int flags = FrameHeader.flags(word);
        int id = FrameHeader.id(word);
        checkFlags(flags);
        switch (FrameHeader.type(word)) {
            case FrameHeader.DATA -> data(flags, id, Integer.toUnsignedLong(length));
            case FrameHeader.WINDOW_UPDATE -> windowUpdate(flags, id, length);
            case FrameHeader.PING -> ping(flags, length);
            case FrameHeader.GO_AWAY -> session.onGoAway(length);
            default -> throw new ProtocolViolation("frame type: " + FrameHeader.type(word) + " (expected: 0 to 3)");
        }
    }

    @Override
    public void onPayload(ByteBuf in, int bytes, boolean last) throws ProtocolViolation {
        MuxStream stream = receiving;
        if (stream == null) {
            return;
        }
        if (stream.state().mayReceive() && !stream.isStopped()) {
            StreamCallbacks.data(stream, piece(in, bytes));
        }
        if (last) {
            endOfData(stream);
        }
    }

    private static ByteBuf piece(ByteBuf in, int bytes) {
        if (bytes <= COPY_LIMIT && bytes * COPY_RATIO < in.capacity()) {
            return in.alloc().buffer(bytes, bytes).writeBytes(in, bytes);
        }
        return in.readRetainedSlice(bytes);
    }

    private void endOfData(MuxStream stream) throws ProtocolViolation {
        receiving = null;
        if (finishAfter && stream.state() != StreamState.CLOSED) {
            stream.onPeerFinish();
        }
    }

    private void data(int flags, int id, long length) throws ProtocolViolation {
        if (id == 0) {
            throw new ProtocolViolation("data on stream 0 (expected: a stream's id)");
        }
        MuxStream stream = subject(flags, id, 0);
        receiving = null;
        if (stream == null || stream.state() == StreamState.CLOSED) {
            credit.receiveForNobody(length, isControl(id));
        } else if ((flags & FrameHeader.RST) != 0) {
            credit.receiveForNobody(length, stream.isControl());
            reset(stream, 0, length);
        } else if (length > 0 && !stream.state().mayReceive()) {
            throw new ProtocolViolation(
                    "data on stream " + Integer.toUnsignedString(id) + " after FIN (expected: none)");
        } else {
            finishAfter = (flags & FrameHeader.FIN) != 0;
            credit.receive(stream, length);
            receiving = stream;
            if (length == 0) {
                endOfData(stream);
            }
        }
    }

    private void windowUpdate(int flags, int id, int length) throws ProtocolViolation {
        if (id == 0) {
            session.onSessionCredit(length);
            return;
        }
        boolean abort = (flags & (FrameHeader.RST | FrameHeader.STOP)) != 0;
        MuxStream stream = subject(flags, id, abort ? 0 : length);
        if (stream == null || stream.state() == StreamState.CLOSED) {
            return;
        }
        if ((flags & FrameHeader.RST) != 0) {
            reset(stream, length, 0);
        } else if ((flags & FrameHeader.STOP) != 0) {
            stream.onPeerStop(length);
        } else {
            if ((flags & FrameHeader.SYN) == 0 && length != 0) {
                stream.onCredit(length);
            }
            if ((flags & FrameHeader.FIN) != 0 && stream.state() != StreamState.CLOSED) {
                stream.onPeerFinish();
            }
        }
    }

    /** The stream that a frame is about, opened by it if need be; {@code null} if there is none. [MUX-11] */
    private @Nullable MuxStream subject(int flags, int id, int creditWithSyn) throws ProtocolViolation {
        if ((flags & FrameHeader.SYN) != 0) {
            return registry.accept(id, creditWithSyn);
        }
        MuxStream stream = registry.find(id);
        if (stream != null) {
            stream.acknowledged();
        }
        return stream;
    }

    private void reset(MuxStream stream, int code, long length) throws ProtocolViolation {
        if (session.isExtended()) {
            if (length != 0) {
                throw new ProtocolViolation("RST with " + length + " bytes of data (expected: 0)");
            }
            stream.onPeerReset(code);
        } else {
            stream.onPeerReset(ErrorCode.CANCELLED.number());
        }
    }

    private void ping(int flags, int value) throws ProtocolViolation {
        if ((flags & FrameHeader.SYN) != 0) {
            pings.onRequest(value);
        } else if ((flags & FrameHeader.ACK) != 0) {
            pings.onAnswer(value, session.nowNanos());
        }
        if (pings.isDue()) {
            session.writer().requestTurn();
        }
    }

    private void checkFlags(int flags) throws ProtocolViolation {
        boolean stop = (flags & FrameHeader.STOP) != 0;
        if (stop && !session.isExtended()) {
            throw new ProtocolViolation("STOP in profile Y (expected: none)");
        }
        boolean exclusive = session.isExtended() && (flags & (FrameHeader.RST | FrameHeader.STOP)) != 0;
        if (exclusive && Integer.bitCount(flags) > 1) {
            throw new ProtocolViolation("flags: " + flags + " (expected: RST and STOP alone)");
        }
    }

    private static boolean isControl(int id) {
        return id == MuxSession.CONTROL_ID;
    }
}
