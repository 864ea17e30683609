package dev.culvert.node.proxy;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection whose program says nothing for too long. Owned by the channel's loop. */
final class Patience {
    private final Channel channel;
    private @Nullable Future<?> timer;

    Patience(Channel channel) {
        this.channel = channel;
        channel.closeFuture().addListener(closed -> end());
    }

    /** From now on there is so much time, until {@link #end()}. */
    void begin(Duration time) {
        end();
        if (channel.isOpen()) {
            timer = channel.eventLoop().schedule(() -> channel.close(), time.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void end() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
