package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One yamux session on one connected Netty channel: many streams, one writer, one keep-alive. Owned by the channel's event
 * loop; only {@link #loop()} and {@link #channel()} may be called elsewhere. Every method may be called from inside any callback.
 */
public final class MuxSession {
    static final int CONTROL_ID = 1;
    static final int PLAIN_WINDOW = 256 * 1024;
    static final int CONTROL_WINDOW = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(MuxSession.class);
    private static final int PLAIN_INBOUND_STREAMS = 1024;
    private static final long PROBE_NANOS = 1_000_000_000L;
    private static final long LAST_FRAME_MILLIS = 1_000;

    /** Where the session is in its life. */
    private enum Life {
        RUNNING,
        DRAINING,
        OVER
    }

    private final Channel channel;
    private final EventLoop loop;
    private final Ticker ticker;
    private final boolean dialler;
    private final MuxOptions options;
    private final SessionHandler handler;
    private final Pings pings = new Pings();
    private final InboundCredit credit;
    private final StreamRegistry registry;
    private final FrameWriter writer;
    private final SessionTimers timers;
    private final SplittableRandom random;
    private @Nullable Profile profile;
    private @Nullable PeerParameters peer;
    private Life life = Life.RUNNING;
    private long lastReadNanos;
    private boolean reading;

    /** @param ids the ids of our streams; their parity says whether this side dialled */
    private MuxSession(
            Channel channel, IdSequence ids, MuxOptions options, MemoryBudget budget, SessionHandler handler) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.ticker = loop.ticker();
        this.dialler = ids.isOdd();
        this.options = options;
        this.handler = handler;
        this.random = new SplittableRandom(channel.id().asLongText().hashCode());
        this.lastReadNanos = ticker.nanoTime();
        SessionWindow window = new SessionWindow(budget, options.initialSessionWindow(), options.maxSessionWindow());
        this.credit = new InboundCredit(this, window, options.maxWindow());
        this.registry = new StreamRegistry(this, ids);
        this.writer = new FrameWriter(this, channel, pings);
        this.timers = new SessionTimers(this);
    }

    /** Starts a session at the side that dialled the connection, speaking {@code profile}. On the channel's loop. */
    public static MuxSession dial(
            Channel channel, Profile profile, MuxOptions options, MemoryBudget budget, SessionHandler handler) {
        return dial(channel, profile, new IdSequence(profile == Profile.X ? 3 : 1), options, budget, handler);
    }

    /** The same with ids of the caller's, so that their exhaustion can be tested. */
    static MuxSession dial(
            Channel channel,
            Profile profile,
            IdSequence ids,
            MuxOptions options,
            MemoryBudget budget,
            SessionHandler handler) {
        MuxSession session = new MuxSession(channel, ids, options, budget, handler);
        session.decide(profile);
        session.start();
        return session;
    }

    /** Starts a session at the side that accepted the connection; the first frame decides the profile. */
    public static MuxSession accept(Channel channel, MuxOptions options, MemoryBudget budget, SessionHandler handler) {
        MuxSession session = new MuxSession(channel, new IdSequence(2), options, budget, handler);
        session.start();
        return session;
    }

    public EventLoop loop() {
        return loop;
    }

    public Channel channel() {
        return channel;
    }

    /** The profile in force; at the accepting side {@code null} until the first frame. */
    public @Nullable Profile profile() {
        return profile;
    }

    /** What the handshake should tell the peer of this side; the session window is what memory permits. */
    public PeerParameters localParameters() {
        return new PeerParameters(
                options.initialWindow(),
                credit.window().size(),
                options.maxInboundStreams(),
                options.maxFrame(),
                options.keepAliveNanos());
    }

    /** The dialler's first stream (id 1), which in profile X is outside the session window. Before anything else. */
    public MuxStream openControl(StreamHandler streamHandler) {
        assert loop.inEventLoop();
        return registry.openControl(streamHandler);
    }

    /** The handshake is done, or there is none: from now on streams may be opened in both directions. */
    public void establish(PeerParameters parameters) {
        assert loop.inEventLoop();
        if (peer != null) {
            throw new IllegalStateException("session: established twice (expected: once)");
        }
        peer = parameters;
        if (profile != null) {
            settle(parameters);
        }
    }

    /**
     * Opens a stream. SYN leaves with the first bytes written in this turn, or alone at its end. Waits inside the session if
     * the peer's limits say so, or the handshake is not done.
     *
     * @throws MuxException BUSY if too many opens wait, DRAINING after either side's GoAway, LINK_LOST when closed
     */
    public MuxStream open(StreamHandler streamHandler) throws MuxException {
        assert loop.inEventLoop();
        return registry.open(streamHandler);
    }

    /**
     * Streams open in both directions, those that wait included, stream 1 excluded. On other threads than the loop: a recent number, good
     * enough to compare loads.
     */
    public int openStreams() {
        return registry.count();
    }

    /** Measures a round trip; nanoseconds, or -1 if the session ends before. */
    public void ping(LongConsumer nanos) {
        assert loop.inEventLoop();
        if (isOver()) {
            nanos.accept(-1);
            return;
        }
        pings.request(nanos);
        writer.requestTurn();
    }

    /** The smallest round trip of the last ten seconds, nanoseconds; -1 before the first pong. */
    public long roundTripNanos() {
        return roundTripNanos(nowNanos());
    }

    long roundTripNanos(long nowNanos) {
        return pings.roundTripNanos(nowNanos);
    }

    /** When the last byte from the peer came, by the loop's ticker. */
    public long lastReadNanos() {
        return lastReadNanos;
    }

    /** Streams that the session has reset because they held unread bytes for too long. */
    public long slowConsumers() {
        return timers.resetForMemory();
    }

    /** Takes no more streams, says so as the profile permits, and closes after the last stream has ended. [MUX-16] */
    public void drain() {
        assert loop.inEventLoop();
        if (life != Life.RUNNING) {
            return;
        }
        life = Life.DRAINING;
        LOG.debug("{}: drains with {} streams open", this, registry.count());
        registry.refuseWaiting();
        if (isExtended()) {
            writer.announceDrain();
        }
        maybeDrained();
    }

    /**
     * Ends the session now: GoAway with {@code code}, every stream is told LINK_LOST, the channel is closed. What was written to
     * the control stream leaves before, if the transport takes it. Callbacks come in a later turn of the loop.
     */
    public void close(ErrorCode code, String reason) {
        assert loop.inEventLoop();
        if (!isOver()) {
            life = Life.OVER;
            later(() -> {
                writer.leave(goAwayCode(code));
                closeChannel();
                bury(code, reason);
            });
        }
    }

    @Override
    public String toString() {
        return (dialler ? "session to " : "session from ") + channel.remoteAddress();
    }

    /** The peer broke a rule. */
    void violated(ProtocolViolation violation) {
        close(ErrorCode.PROTOCOL, String.valueOf(violation.getMessage()));
    }

    /** A bug on this side, outside of a stream's handler: nothing about the session can be relied on. */
    void failed(Throwable thrown) {
        LOG.error("{}: failed; the session ends with INTERNAL", this, thrown);
        if (!isOver()) {
            close(ErrorCode.INTERNAL, "a bug at this side: " + thrown);
        }
    }

    /** The connection is gone, or silent. */
    void lost(String reason) {
        if (!isOver()) {
            life = Life.OVER;
            channel.close();
            boolean orderly = registry.isPeerLeaving() && registry.count() == 0;
            bury(orderly ? ErrorCode.OK : ErrorCode.LINK_LOST, reason);
        }
    }

    /** The peer takes no more streams, or gives the session up. */
    void onGoAway(int code) {
        if (code == 0) {
            registry.peerLeaves();
        } else {
            life = Life.OVER;
        }
        handler.onGoAway(this, code);
        if (code != 0) {
            ErrorCode reason = isExtended() || code == 1 ? ErrorCode.of(code) : ErrorCode.INTERNAL;
            later(() -> {
                channel.close();
                bury(reason, "the peer closed the session: " + reason);
            });
        }
    }

    void onSessionCredit(int more) throws ProtocolViolation {
        if (isExtended()) {
            writer.onSessionCredit(Integer.toUnsignedLong(more));
        }
    }

    /** Checks the version byte of a frame; the first one at the accepting side decides. [MUX-1] */
    void checkVersion(int version) throws ProtocolViolation {
        if (profile == null) {
            decide(Profile.of(version));
            if (peer != null) {
                settle(peer);
            }
        } else if (version != profile.version()) {
            throw new ProtocolViolation("frame version: " + version + " (expected: " + profile.version() + ")");
        }
    }

    /** Finds the owner of a stream that the peer has opened. */
    void claim(MuxStream stream) {
        try {
            stream.handler(handler.onOpen(stream));
        } catch (RuntimeException | Error thrown) {
            LOG.error("{} stream {}: onOpen failed; the stream is reset", this, stream.id(), thrown);
            stream.reset(ErrorCode.INTERNAL.number());
        }
    }

    void onRead() {
        lastReadNanos = nowNanos();
        reading = true;
    }

    void onReadComplete() {
        reading = false;
        if (credit.isBulk() && pings.isStale(nowNanos(), PROBE_NANOS)) {
            credit.probed();
            pings.probe();
        }
        writer.takeTurn();
    }

    /** Asks the peer for a sign of life and a sample of the round trip. */
    void probe() {
        pings.probe();
        writer.requestTurn();
    }

    void maybeDrained() {
        if (life == Life.DRAINING && registry.count() == 0 && channel.isWritable()) {
            close(ErrorCode.OK, "drained");
        }
    }

    void sayIdsLow() {
        later(() -> handler.onIdsLow(this));
    }

    long nowNanos() {
        return ticker.nanoTime();
    }

    /** The time, or that of the read that is being worked through: near enough for what goes by round trips. */
    long turnNanos() {
        return reading ? lastReadNanos : nowNanos();
    }

    boolean isOver() {
        return life == Life.OVER;
    }

    boolean isDraining() {
        return life == Life.DRAINING;
    }

    boolean isExtended() {
        return profile == Profile.X;
    }

    Profile profileInForce() {
        if (profile == null) {
            throw new IllegalStateException("profile: not known before the peer's first frame");
        }
        return profile;
    }

    /** Whether this id is one of those that the peer opens. */
    boolean isPeerId(int id) {
        return (id & 1) == (dialler ? 0 : 1);
    }

    /** What we let the peer send on a new stream. [MUX-4] */
    int windowOf(boolean control) {
        if (!isExtended()) {
            return PLAIN_WINDOW;
        }
        return control ? CONTROL_WINDOW : options.initialWindow();
    }

    /** What the peer lets us send on a new stream. [MUX-4] */
    int windowAt(PeerParameters parameters) {
        return isExtended() ? parameters.initialWindow() : PLAIN_WINDOW;
    }

    int inboundLimit() {
        return isExtended()
                ? options.maxInboundStreams()
                : Math.min(PLAIN_INBOUND_STREAMS, options.maxInboundStreams());
    }

    MuxOptions options() {
        return options;
    }

    FrameWriter writer() {
        return writer;
    }

    StreamRegistry registry() {
        return registry;
    }

    InboundCredit credit() {
        return credit;
    }

    SessionTimers timers() {
        return timers;
    }

    private void start() {
        channel.pipeline().addLast(new SessionChannelHandler(this, new FrameReader(this, registry, credit, pings)));
        timers.keepAlive(options.keepAliveNanos(), dialler, random::nextDouble);
        if (credit.window().size() < Math.min(MuxOptions.SMALLEST_WINDOW, options.initialSessionWindow())) {
            close(
                    ErrorCode.OVERLOAD,
                    "memory: " + credit.window().size() + " bytes left for a session (expected: "
                            + MuxOptions.SMALLEST_WINDOW + " at least)");
        }
    }

    private void decide(Profile chosen) {
        profile = chosen;
        if (chosen == Profile.X) {
            credit.window().bind();
        }
    }

    private void settle(PeerParameters parameters) {
        long peerInterval = parameters.keepAliveNanos();
        if (!dialler && peerInterval != 0 && peerInterval != options.keepAliveNanos()) {
            timers.keepAlive(peerInterval, false, random::nextDouble);
        }
        writer.establish(parameters);
        registry.establish(parameters);
        pings.probe();
    }

    private int goAwayCode(ErrorCode code) {
        boolean known = isExtended() || code == ErrorCode.OK || code == ErrorCode.PROTOCOL;
        return known ? code.number() : ErrorCode.INTERNAL.number();
    }

    private void closeChannel() {
        if (!channel.isWritable()) {
            channel.close();
            return;
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        if (channel.isOpen()) {
            Future<?> limit = loop.schedule(() -> channel.close(), LAST_FRAME_MILLIS, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(closed -> limit.cancel(false));
        }
    }

    private void bury(ErrorCode code, String reason) {
        timers.cancelAll();
        registry.loseAll();
        pings.fail();
        credit.window().release();
        LOG.debug("{}: over, {}: {}", this, code, reason);
        handler.onClosed(this, code, reason);
    }

    private void later(Runnable task) {
        if (loop.isShuttingDown()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
