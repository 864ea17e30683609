package dev.culvert.mux.fuzz;

import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import dev.culvert.mux.sim.FrameParser;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Feeds bytes to a session and checks what must hold whatever they are: no exception escapes, what the session writes are
 * whole frames, no buffer leaks, nothing unread is held beyond the windows, and in the end the session is told once. Owned by
 * the simulation's thread.
 */
final class HostileBytes {
    private static final MuxOptions OPTIONS =
            new MuxOptions(16 * 1024, 64 * 1024, 64 * 1024, 256 * 1024, 64, 16, 64 * 1024, 10_000_000_000L);
    private static final long MOST_HELD = 1024 * 256 * 1024L;

    private final List<MuxStream> streams = new ArrayList<>();
    private final SimNet net;
    private long held;
    private int ends;
    private boolean fresh = true;

    private HostileBytes(SimNet net) {
        this.net = net;
    }

    static void againstAcceptor(byte[] bytes) {
        SimNet.simulate(0, net -> new HostileBytes(net).play(bytes, null));
    }

    static void againstDialler(Profile profile, byte[] bytes) {
        SimNet.simulate(0, net -> new HostileBytes(net).play(bytes, profile));
    }

    /** @param profile that the session dials with; {@code null} to accept */
    private void play(byte[] bytes, @org.jspecify.annotations.Nullable Profile profile) throws MuxException {
        SimLink link = net.link(Wire.lan());
        MemoryBudget budget = new MemoryBudget(1 << 26, 4);
        App app = new App();
        MuxSession session = profile == null
                ? MuxSession.accept(link.acceptor(), OPTIONS, budget, app)
                : MuxSession.dial(link.dialler(), profile, OPTIONS, budget, app);
        session.establish(new PeerParameters(16 * 1024, 64 * 1024, 64, 64 * 1024, 0));
        io.netty.channel.Channel attacker = profile == null ? link.dialler() : link.acceptor();
        FrameParser written = new FrameParser(false, frame -> {});
        attacker.pipeline().addLast(new Listener(written));
        if (profile != null) {
            MuxStream stream = session.open(app);
            stream.write(net.alloc().buffer().writeZero(50_000));
        }
        int half = bytes.length / 2;
        attacker.writeAndFlush(Unpooled.wrappedBuffer(bytes, 0, half));
        net.advance(Duration.ofMillis(5));
        touch();
        attacker.writeAndFlush(Unpooled.wrappedBuffer(bytes, half, bytes.length - half));
        net.advance(Duration.ofSeconds(60));
        check(written.atBoundary() || ends == 1, "a frame was written in part");
        check(ends == 1, "silence must have ended the session once, not " + ends + " times");
        check(session.openStreams() == 0, session.openStreams() + " streams outlive their session");
    }

    /** An application that does this and that with the streams it was given. */
    private void touch() {
        for (int i = 0; i < streams.size(); i++) {
            MuxStream stream = streams.get(i);
            switch (i % 5) {
                case 0 -> stream.write(net.alloc().buffer().writeZero(10_000));
                case 1 -> stream.finish();
                case 2 -> stream.reset(7);
                case 3 -> stream.stop(8);
                default -> stream.consumed(0);
            }
        }
        fresh = false;
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            net.fail(new AssertionError(otherwise));
            throw new AssertionError(otherwise);
        }
    }

    private final class App implements SessionHandler, StreamHandler {
        @Override
        public StreamHandler onOpen(MuxStream stream) {
            if (fresh) {
                streams.add(stream);
            }
            return this;
        }

        @Override
        public void onClosed(MuxSession session, dev.culvert.api.ErrorCode code, String reason) {
            ends++;
        }

        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            int bytes = data.readableBytes();
            data.release();
            if (bytes == 0) {
                net.fail(new AssertionError("a delivery of no bytes"));
            }
            if (stream.id() % 3 == 0) {
                held += bytes;
                check(held <= MOST_HELD, held + " bytes are held unread");
            } else {
                stream.consumed(bytes);
            }
        }

        @Override
        public void onFinish(MuxStream stream) {
            // the peer may finish when it likes
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            // and reset
        }
    }

    private static final class Listener extends ChannelInboundHandlerAdapter {
        private final FrameParser parser;

        Listener(FrameParser parser) {
            this.parser = parser;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            parser.feed((ByteBuf) message);
            ((ByteBuf) message).release();
        }
    }
}
