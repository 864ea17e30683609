package dev.culvert.mux.interop;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import dev.culvert.mux.SessionHandler;
import dev.culvert.mux.StreamHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * A foreign process and our session with it over loopback TCP. The process connects to us, whichever of the two then speaks
 * as the dialler of yamux. Any thread.
 */
final class ForeignPeer implements AutoCloseable {
    private static final long SECONDS = 120;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<MuxSession> session = new CompletableFuture<>();
    private final CompletableFuture<ErrorCode> closed = new CompletableFuture<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Process process;
    private final Path output;

    /** @param command makes the command line from the port to connect to */
    ForeignPeer(boolean weDial, IntFunction<List<String>> command) throws Exception {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.eventLoop().execute(() -> start(channel, weDial));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        output = Files.createTempFile("peer", ".log");
        process = new ProcessBuilder(command.apply(port))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private void start(Channel channel, boolean weDial) {
        MuxOptions options = MuxOptions.DEFAULT;
        MemoryBudget budget = new MemoryBudget(1L << 30, 1);
        MuxSession started = weDial
                ? MuxSession.dial(channel, Profile.Y, options, budget, new App())
                : MuxSession.accept(channel, options, budget, new App());
        started.establish(PeerParameters.PLAIN);
        if (weDial) {
            session.complete(started);
        } else {
            started.ping(nanos -> session.complete(started));
        }
    }

    /** The session, once the peer's first frame may have come: an acceptor can open nothing before. */
    MuxSession session() throws Exception {
        return session.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Runs on the session's loop and waits for the result. */
    <T> T onLoop(java.util.concurrent.Callable<T> task) throws Exception {
        return session().loop().submit(task).get(SECONDS, TimeUnit.SECONDS);
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the peer's verdict on itself and on us. */
    void expectOk() throws Exception {
        boolean exited = process.waitFor(SECONDS, TimeUnit.SECONDS);
        String said = output();
        if (!exited || process.exitValue() != 0 || !said.contains("ok") || !complaints.isEmpty()) {
            throw new AssertionError("the peer " + (exited ? "exited with " + process.exitValue() : "hangs")
                    + " and said:\n" + said + "\nwe say: " + complaints);
        }
    }

    /** Ends the session from our side in good order, then {@link #expectOk()}. */
    void drainAndExpectOk() throws Exception {
        onLoop(() -> {
            session().drain();
            return 0;
        });
        ErrorCode code = await(closed);
        if (code != ErrorCode.OK) {
            throw new AssertionError("our session ended with " + code + ", the peer said:\n" + output());
        }
        expectOk();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        Files.delete(output);
    }

    private String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private final class App implements SessionHandler {
        @Override
        public StreamHandler onOpen(MuxStream stream) {
            return new Answering(complaints::add);
        }

        @Override
        public void onClosed(MuxSession ended, ErrorCode code, String reason) {
            if (code == ErrorCode.PROTOCOL || code == ErrorCode.INTERNAL) {
                complaints.add("session ended with " + code + ": " + reason);
            }
            closed.complete(code);
        }
    }
}
