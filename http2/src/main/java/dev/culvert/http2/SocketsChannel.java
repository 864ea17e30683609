package dev.culvert.http2;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server socket of the caller as a Netty server channel. Owned by its event loop; one thread accepts when the loop asks for a connection.
 */
final class SocketsChannel extends AbstractServerChannel {
    private static final Logger LOG = LoggerFactory.getLogger(SocketsChannel.class);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final ServerSocket sockets;
    private final ExecutorService acceptor =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("preface-accept", true));
    private final ExecutorService threads = Executors.newCachedThreadPool(new DefaultThreadFactory("preface-io", true));
    private boolean accepting;

    SocketsChannel(ServerSocket sockets) {
        this.sockets = sockets;
    }

    @Override
    protected void doBeginRead() {
        if (!accepting) {
            accepting = true;
            acceptor.execute(this::acceptOne);
        }
    }

    /** On the acceptor's thread. */
    private void acceptOne() {
        try {
            Socket socket = sockets.accept();
            tune(socket);
            onLoop(() -> onAccepted(socket));
        } catch (IOException e) {
            onLoop(() -> onFailed(e));
        }
    }

    /** As for sockets of our own, in the system's times. */
    private static void tune(Socket socket) {
        try {
            socket.setKeepAlive(true);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            LOG.debug("{}: keep-alive and no delay are not to be had", socket, e);
        }
    }

    private void onAccepted(Socket socket) {
        accepting = false;
        pipeline().fireChannelRead(new SocketChannelBridge(this, socket, threads));
        pipeline().fireChannelReadComplete();
    }

    private void onFailed(IOException failure) {
        accepting = false;
        if (sockets.isClosed()) {
            unsafe().close(unsafe().voidPromise());
        } else {
            pipeline().fireExceptionCaught(failure);
            pipeline().fireChannelReadComplete();
        }
    }

    private void onLoop(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            acceptor.shutdown(); // the loops are gone, and everything with them
        }
    }

    @Override
    protected void doClose() throws IOException {
        sockets.close();
        acceptor.shutdown();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a listener of the caller is bound already");
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return sockets.getLocalSocketAddress();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !sockets.isClosed();
    }

    @Override
    public boolean isActive() {
        return isOpen();
    }
}
