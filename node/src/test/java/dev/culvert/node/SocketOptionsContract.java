package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.Test;

/** The part of {@link SocketContract} that is about options. */
interface SocketOptionsContract {
    /** One that is connected. */
    Socket client();

    /** One that listens. */
    ServerSocket server();

    @Test
    default void options_are_taken_and_told() throws IOException {
        Socket client = client();
        ServerSocket server = server();
        client.setTcpNoDelay(false);
        assertThat(client.getTcpNoDelay()).isFalse();
        client.setTcpNoDelay(true);
        assertThat(client.getTcpNoDelay()).isTrue();
        client.setKeepAlive(true);
        assertThat(client.getKeepAlive()).isTrue();
        client.setOOBInline(true);
        assertThat(client.getOOBInline()).isTrue();
        client.setReuseAddress(true);
        assertThat(client.getReuseAddress()).isTrue();
        client.setSoLinger(true, 7);
        assertThat(client.getSoLinger()).isEqualTo(7);
        client.setSoLinger(false, 0);
        assertThat(client.getSoLinger()).isEqualTo(-1);
        client.setSendBufferSize(128 * 1024);
        assertThat(client.getSendBufferSize()).isPositive();
        client.setReceiveBufferSize(128 * 1024);
        assertThat(client.getReceiveBufferSize()).isPositive();
        client.setTrafficClass(8);
        assertThat(client.getTrafficClass()).isGreaterThanOrEqualTo(0);
        assertThatThrownBy(() -> client.setSoTimeout(-1)).isInstanceOf(IllegalArgumentException.class);
        server.setReceiveBufferSize(64 * 1024);
        assertThat(server.getReceiveBufferSize()).isPositive();
    }

    @Test
    default void options_have_names_too_and_unknown_ones_are_refused() throws IOException {
        Socket client = client();
        ServerSocket server = server();
        assertThat(client.supportedOptions())
                .contains(StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_KEEPALIVE);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        assertThat(client.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        client.setOption(StandardSocketOptions.SO_LINGER, 3);
        assertThat(client.getSoLinger()).isEqualTo(3);
        assertThat(client.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(3);
        assertThatThrownBy(() -> client.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> client.getOption(new Unheard("unheard")))
                .isInstanceOf(UnsupportedOperationException.class);
        for (SocketOption<?> option : new Socket().supportedOptions()) {
            assertThat(client.supportedOptions()).contains(option);
            again(client, option);
        }
        assertThat(server.supportedOptions()).contains(StandardSocketOptions.SO_RCVBUF);
        assertThatThrownBy(() -> server.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
                .isInstanceOf(UnsupportedOperationException.class);
        client.close();
        assertThatThrownBy(() -> client.getOption(StandardSocketOptions.TCP_NODELAY))
                .isInstanceOf(SocketException.class);
    }

    /** What is set to the value that it has keeps it. */
    private static <T> void again(Socket client, SocketOption<T> option) throws IOException {
        T value = client.getOption(option);
        if (option.type() == Boolean.class || option.name().startsWith("TCP_KEEP")) {
            client.setOption(option, value);
            assertThat(client.getOption(option)).as(option.name()).isEqualTo(value);
        }
    }

    /** An option that no socket has. */
    record Unheard(String name) implements SocketOption<String> {
        @Override
        public Class<String> type() {
            return String.class;
        }
    }
}
