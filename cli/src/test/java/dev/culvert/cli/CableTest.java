package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

final class CableTest {
    @Test
    void carries_bytes_until_it_is_cut_and_then_neither_bytes_nor_the_end() throws IOException {
        try (ServerSocket relay = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                Cable cable = Cable.to(new InetSocketAddress(relay.getInetAddress(), relay.getLocalPort()));
                Socket near = new Socket(InetAddress.getLoopbackAddress(), cable.port());
                Socket far = relay.accept()) {
            near.getOutputStream().write('a');
            assertThat(far.getInputStream().read()).isEqualTo('a');
            far.getOutputStream().write('b');
            assertThat(near.getInputStream().read()).isEqualTo('b');

            cable.cut();
            near.getOutputStream().write('c');
            near.shutdownOutput();
            far.setSoTimeout(200);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> far.getInputStream().read());

            cable.mend();
            try (Socket again = new Socket(InetAddress.getLoopbackAddress(), cable.port());
                    Socket farAgain = relay.accept()) {
                again.getOutputStream().write('d');
                assertThat(farAgain.getInputStream().read()).isEqualTo('d');
            }
        }
    }
}
