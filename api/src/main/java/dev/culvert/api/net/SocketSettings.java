package dev.culvert.api.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of one socket. Any thread. All are taken and remembered; SO_TIMEOUT and SO_LINGER with zero seconds have an effect, the
 * others have none, since their business is the link's.
 */
final class SocketSettings {
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final Map<SocketOption<?>, Integer> NUMBERS = Map.of(
            StandardSocketOptions.SO_RCVBUF, SocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF, SocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR, SocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_KEEPALIVE, SocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_LINGER, SocketOptions.SO_LINGER,
            StandardSocketOptions.IP_TOS, SocketOptions.IP_TOS,
            StandardSocketOptions.TCP_NODELAY, SocketOptions.TCP_NODELAY);

    static final Set<SocketOption<?>> OF_SOCKETS = ofSockets();
    static final Set<SocketOption<?>> OF_SERVERS =
            Set.of(StandardSocketOptions.SO_RCVBUF, StandardSocketOptions.SO_REUSEADDR);

    private final Map<SocketOption<?>, Object> named = new ConcurrentHashMap<>();
    private final Set<SocketOption<?>> supported;
    private final Map<Integer, Object> values = new ConcurrentHashMap<>(Map.of(
            SocketOptions.SO_TIMEOUT,
            0,
            SocketOptions.SO_RCVBUF,
            BUFFER_BYTES,
            SocketOptions.SO_SNDBUF,
            BUFFER_BYTES,
            SocketOptions.SO_REUSEADDR,
            false,
            SocketOptions.SO_KEEPALIVE,
            false,
            SocketOptions.SO_OOBINLINE,
            false,
            SocketOptions.SO_LINGER,
            -1,
            SocketOptions.IP_TOS,
            0,
            SocketOptions.TCP_NODELAY,
            true));

    SocketSettings(Set<SocketOption<?>> supported) {
        this.supported = supported;
    }

    Set<SocketOption<?>> supported() {
        return supported;
    }

    /** Those of this JDK's sockets, for clients set them without asking: keep-alive times, for example. */
    private static Set<SocketOption<?>> ofSockets() {
        Set<SocketOption<?>> options = new HashSet<>(NUMBERS.keySet());
        try (Socket jdk = new Socket()) {
            options.addAll(jdk.supportedOptions());
        } catch (IOException noSocketNow) {
            return NUMBERS.keySet();
        }
        return Set.copyOf(options);
    }

    <T> void set(SocketOption<T> option, T value) throws SocketException {
        Integer number = number(option);
        if (number == null) {
            named.put(option, option.type().cast(value));
        } else {
            set(number, value);
        }
    }

    <T> T get(SocketOption<T> option) throws SocketException {
        Integer number = number(option);
        Object value = number == null ? named.getOrDefault(option, unset(option)) : get(number);
        return option.type().cast(value);
    }

    private static Object unset(SocketOption<?> option) {
        return option.type() == Boolean.class ? (Object) false : (Object) 0;
    }

    /** Null: it has only a name. */
    private @Nullable Integer number(SocketOption<?> option) {
        if (!supported.contains(option)) {
            throw new UnsupportedOperationException("'" + option.name() + "' not supported");
        }
        return NUMBERS.get(option);
    }

    /** By the numbers of {@link SocketOptions}; SO_LINGER is turned off with a boolean. */
    void set(int number, Object value) throws SocketException {
        Object kept = number == SocketOptions.SO_LINGER && value instanceof Boolean ? (Object) (-1) : value;
        Object before = get(number);
        if (!before.getClass().isInstance(kept)) {
            throw new SocketException("option " + number + ": " + value + " (expected: "
                    + before.getClass().getSimpleName() + ")");
        }
        values.put(number, kept);
    }

    Object get(int number) throws SocketException {
        if (number == SocketOptions.SO_BINDADDR) {
            return new InetSocketAddress(0).getAddress();
        }
        Object value = values.get(number);
        if (value == null) {
            throw new SocketException("option " + number + " (expected: one of java.net.SocketOptions)");
        }
        return value;
    }

    int timeoutMillis() {
        return (int) values.getOrDefault(SocketOptions.SO_TIMEOUT, 0);
    }

    /** Whether a close shall throw away what is under way. */
    boolean closeIsReset() {
        return Integer.valueOf(0).equals(values.get(SocketOptions.SO_LINGER));
    }
}
