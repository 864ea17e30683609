package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;

/** Dials endpoints. <em>Any thread.</em> */
public final class Connector {
    public Connector(Loops loops) {}

    /**
     * Connects, and completes with a channel that carries the link's bytes as {@code ByteBuf}s in both directions, TLS and WebSocket
     * done. Completes on the channel's event loop; auto-read is off: the new owner adds its handlers at the end of the pipeline in a
     * listener of this future, then calls {@code channel.config().setAutoRead(true)}. Cancelling the future closes what was begun.
     * Fails with {@link ConnectFailed} and nothing else.
     */
    public Future<Channel> connect(Endpoint endpoint, ConnectOptions options, StepListener steps) {
        throw new UnsupportedOperationException();
    }
}
