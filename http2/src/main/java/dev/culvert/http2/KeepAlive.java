package dev.culvert.http2;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP's own questions whether the other side is still there, for connections that may wait for hours: after 15 s of silence every 5 s, and
 * after three without an answer the connection ends. Where a socket does not know the times, the system's hold.
 */
final class KeepAlive {
    private static final int IDLE_SECONDS = 15;
    private static final int INTERVAL_SECONDS = 5;
    private static final int UNANSWERED = 3;

    private KeepAlive() {}

    static void turnOn(ChannelConfig socket) {
        socket.setOption(ChannelOption.SO_KEEPALIVE, true);
        socket.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), IDLE_SECONDS);
        socket.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), INTERVAL_SECONDS);
        socket.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), UNANSWERED);
    }
}
