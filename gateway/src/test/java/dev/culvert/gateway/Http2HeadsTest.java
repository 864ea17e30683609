package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Http2HeadsTest {
    private static final int HEADS = 30_000;
    private static final String[] NAMES = {
        "x",
        "cookie",
        "host",
        "te",
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
        "expect",
        "x y",
        "X",
        "",
        ":x"
    };
    private static final String[] PIECES = {
        "a",
        "0",
        "44",
        "/",
        " ",
        "\t",
        "\r\n",
        "\n",
        "\r",
        "\u0000",
        ":",
        ",",
        ";",
        "\u00e9",
        "chunked",
        "trailers",
        "h2c",
        "GET",
        "web.localhost",
        " HTTP/1.1",
        "\u007f",
        "\u000b",
        "#",
        "%0d%0a",
        "[::1]",
        "@"
    };

    private final Random random = new Random(7540);

    private String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private Http2Headers head() {
        Http2Headers head = new DefaultHttp2Headers(false);
        head.method(random.nextInt(4) > 0 ? "POST" : text(3));
        head.scheme("http").authority(random.nextInt(4) > 0 ? "web.localhost" : text(3));
        head.path("/" + text(3));
        for (int left = random.nextInt(4); left > 0; left--) {
            head.add(NAMES[random.nextInt(NAMES.length)], text(3));
        }
        return head;
    }

    /** Whatever a client says: what is let through is one request in HTTP/1.1, and it is the one that was meant. */
    @Test
    void a_head_that_is_let_through_is_one_request_to_a_parser_of_http_1() {
        int through = 0;
        for (int i = 0; i < HEADS; i++) {
            Http2Headers head = head();
            boolean ended = random.nextBoolean();
            HttpRequest request;
            RequestHead read;
            try {
                request = Http2Heads.request(head, ended);
                read = RequestHead.read(request);
            } catch (IllegalArgumentException | Rejected refused) {
                continue;
            }
            through++;
            request.setUri(read.target());
            HttpRequest parsed = parsed(request);
            assertThat(parsed.decoderResult().isSuccess())
                    .as("%s as %s", head, parsed)
                    .isTrue();
            assertThat(parsed.method().name()).isEqualTo(head.method().toString());
            assertThat(parsed.uri()).isEqualTo(head.path().toString());
            for (Map.Entry<String, String> field : request.headers()) {
                assertThat(parsed.headers().getAll(field.getKey()))
                        .as("%s", head)
                        .contains(field.getValue());
            }
            assertThat(parsed.headers().size()).isEqualTo(request.headers().size());
        }
        assertThat(through).isGreaterThan(HEADS / 100);
    }

    /** What stands on the wire, read again; a second request would be there too. */
    private static HttpRequest parsed(HttpRequest request) {
        EmbeddedChannel writer = new EmbeddedChannel(new HttpRequestEncoder());
        EmbeddedChannel reader = new EmbeddedChannel(new ClientDecoder(32 * 1024, () -> {}));
        writer.writeOutbound(request);
        for (ByteBuf bytes = writer.readOutbound(); bytes != null; bytes = writer.readOutbound()) {
            reader.writeInbound(bytes);
        }
        HttpRequest first = reader.readInbound();
        for (Object rest = reader.readInbound(); rest != null; rest = reader.readInbound()) {
            assertThat(rest).isInstanceOf(LastHttpContent.class);
            ReferenceCountUtil.release(rest);
        }
        writer.finishAndReleaseAll();
        reader.finishAndReleaseAll();
        return first;
    }
}
