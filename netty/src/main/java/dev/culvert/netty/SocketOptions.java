package dev.culvert.netty;

import io.netty.channel.ChannelOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Options of sockets that a stream has no use for: taken, so that bootstraps do not complain, and remembered. Any thread. */
final class SocketOptions {
    private static final Set<ChannelOption<?>> KNOWN = Set.of(
            ChannelOption.TCP_NODELAY,
            ChannelOption.SO_KEEPALIVE,
            ChannelOption.SO_REUSEADDR,
            ChannelOption.SO_SNDBUF,
            ChannelOption.SO_RCVBUF,
            ChannelOption.SO_TIMEOUT,
            ChannelOption.IP_TOS);

    private final Map<ChannelOption<?>, Object> values = new ConcurrentHashMap<>();

    static ChannelOption<?>[] known() {
        return KNOWN.toArray(ChannelOption<?>[]::new);
    }

    /** False: it is none of these. */
    <T> boolean set(ChannelOption<T> option, T value) {
        if (!KNOWN.contains(option)) {
            return false;
        }
        values.put(option, value);
        return true;
    }

    /** Null: never set. */
    @SuppressWarnings("unchecked")
    <T> @Nullable T get(ChannelOption<T> option) {
        return (T) values.get(option);
    }
}
