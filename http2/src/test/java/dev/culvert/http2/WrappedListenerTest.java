package dev.culvert.http2;

import static dev.culvert.http2.Sockets.say;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets of a listener that is the caller's. */
@Timeout(60)
final class WrappedListenerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String PREFACE = new String(FirstBytes.PREFACE, StandardCharsets.ISO_8859_1);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T closing(T each) {
        opened.add(each);
        return each;
    }

    @Test
    void a_peer_that_vanishes_without_a_word_is_found_and_small_words_do_not_wait() throws Exception {
        BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
        ServerSocket remembering = new ServerSocket(0, 50, LOOPBACK) {
            @Override
            public Socket accept() throws IOException {
                Socket socket = super.accept();
                accepted.add(socket);
                return socket;
            }
        };
        PrefaceListener listener = closing(PrefaceListener.wrap(remembering, PrefaceOptions.DEFAULT));

        say(closing(Sockets.connect(listener.address())), PREFACE);
        closing(listener.accept());

        Socket socket = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(socket).isNotNull();
        assertThat(socket.getKeepAlive()).isTrue();
        assertThat(socket.getTcpNoDelay()).isTrue();
    }
}
