package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AttachedStreamTest {
    private static final Loops LOOPS = Loops.start("attach-test", 2);

    @AfterAll
    static void stop() {
        LOOPS.close();
    }

    @Test
    void two_attached_ends_of_pipes_carry_the_same_bytes_both_ways() throws Exception {
        PipedInputStream inA = new PipedInputStream(1000);
        PipedInputStream inB = new PipedInputStream(1000);
        Channel a = Echo.get(AttachedStream.attach(LOOPS, "a", inA, new PipedOutputStream(inB)));
        Channel b = Echo.get(AttachedStream.attach(LOOPS, "b", inB, new PipedOutputStream(inA)));
        Echo.Received atA = Echo.take(a);
        Echo.Received atB = Echo.take(b);
        byte[] bytes = new byte[200_000];
        new SplittableRandom(3).nextBytes(bytes);
        Echo.send(a, bytes);
        Echo.send(b, bytes);
        await().until(() -> atA.size() == bytes.length && atB.size() == bytes.length);
        assertThat(atA.all()).isEqualTo(bytes);
        assertThat(atB.all()).isEqualTo(bytes);
        assertThat(a.remoteAddress()).hasToString("a");
        a.close();
        await().until(() -> !b.isActive());
    }

    @Test
    void a_socket_channel_is_attached_and_its_end_is_seen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel client =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
            try (Socket peer = server.accept()) {
                Channel channel = Echo.get(AttachedStream.attach(LOOPS, "socket", client));
                Echo.Received received = Echo.take(channel);
                Echo.send(channel, Echo.FIRST);
                assertThat(peer.getInputStream().readNBytes(12)).isEqualTo(Echo.FIRST);
                peer.getOutputStream().write(Echo.FIRST);
                await().until(() -> received.size() == 12);
                peer.shutdownOutput();
                await().until(() -> !channel.isActive());
                await().until(() -> !client.isOpen());
            }
        }
    }

    @Test
    void nothing_is_read_before_the_owner_asks() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        InputStream in = new InputStream() {
            @Override
            public int read() {
                asked.set(true);
                return -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return read();
            }
        };
        Channel channel = Echo.get(AttachedStream.attach(LOOPS, "quiet", in, OutputStream.nullOutputStream()));
        channel.eventLoop()
                .submit(() -> assertThat(channel.isActive()).isTrue())
                .sync();
        assertThat(asked).isFalse();
        Echo.take(channel);
        await().until(() -> !channel.isActive());
        assertThat(asked).isTrue();
    }

    @Test
    void an_error_of_the_stream_ends_the_channel_and_fails_what_is_queued() throws Exception {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken on purpose");
            }
        };
        AtomicBoolean closed = new AtomicBoolean();
        PipedInputStream in = new PipedInputStream() {
            @Override
            public void close() throws IOException {
                closed.set(true);
                super.close();
            }
        };
        in.connect(new PipedOutputStream());
        Channel channel = Echo.get(AttachedStream.attach(LOOPS, "broken", in, broken));
        Echo.take(channel);
        Throwable failure =
                Echo.failure(channel.writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(new byte[] {1, 2, 3})));
        assertThat(failure).hasMessageContaining("broken on purpose");
        await().until(() -> !channel.isActive());
        await().untilTrue(closed);
    }
}
