package dev.culvert.mux;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * How much may wait below the session: in the channel, by its watermark, and unsent in the kernel, by TCP_NOTSENT_LOWAT. Both
 * follow the speed of the link. Owned by its session's event loop.
 */
final class TransportTuning {
    private final Channel channel;
    private final boolean tcp;
    private final LinkSpeed speed;

    TransportTuning(Channel channel, long nowNanos) {
        this.channel = channel;
        this.speed = new LinkSpeed(nowNanos);
        this.tcp = channel instanceof EpollSocketChannel;
        if (tcp) {
            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
            channel.config().setRecvByteBufAllocator(new AlignedReads());
        }
        apply();
    }

    boolean isEncrypted() {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    boolean isFast() {
        return speed.isFast();
    }

    /** Bytes that may wait below us. */
    int bound() {
        return speed.bound();
    }

    void sent(int bytes) {
        speed.sent(bytes);
    }

    void blocked(long nowNanos, long roundTripNanos) {
        if (speed.blocked(nowNanos, roundTripNanos)) {
            apply();
        }
    }

    void idle(long nowNanos, long roundTripNanos) {
        if (speed.idle(nowNanos, roundTripNanos)) {
            apply();
        }
    }

    /** The kernel gives up on a silent peer when the session does. */
    void patience(long millis) {
        if (tcp && channel.isActive()) {
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) Math.min(Integer.MAX_VALUE, millis));
        }
    }

    private void apply() {
        int bound = speed.bound();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bound / 2, bound));
        if (tcp && channel.isActive()) {
            channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) bound);
        }
    }
}
