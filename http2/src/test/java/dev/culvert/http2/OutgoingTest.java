package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutgoingTest {
    private static boolean mayBeClient(String first) {
        ByteBuf bytes = Unpooled.copiedBuffer(first, StandardCharsets.ISO_8859_1);
        boolean may = Outgoing.mayBeClient(bytes);
        assertThat(bytes.readableBytes()).isEqualTo(first.length());
        return may;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HT", "GET / HTTP/1.1\r\n", "\u0016\u0003\u0001"})
    void so_a_client_begins(String first) {
        assertThat(mayBeClient(first)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n",
                "220 mail ESMTP\r\n",
                "\u0015\u0003\u0001"
            })
    void so_what_listens_at_the_wrong_port_answers(String first) {
        assertThat(mayBeClient(first)).isFalse();
    }
}
