package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.api.Address;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.util.ReferenceCountUtil;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Any bytes instead of a head of HTTP/1.1: they are refused with a status, or the service gets one request that {@link MappedHead} finds
 * nothing wrong with, in both versions of HTTP. With {@code JAZZER_FUZZ=1} the first runs for long; without, over its seeds.
 */
class HeadFuzzTest {
    private static final int INPUTS = Integer.getInteger("culvert.fuzz.inputs", 300) * 8;
    private static final int HEAD_BYTES = 4_096;
    private static final Set<Integer> REFUSALS = Set.of(400, 404, 405, 414, 417, 421, 431, 505);
    private static final HeaderRules.Origin STRANGER =
            new HeaderRules.Origin("192.0.2.7", false, "", false, "1.1", null);

    private static final List<String> FIRST_LINES = List.of(
            "GET /a%2Fb/%e4%B8//../x;p=1?q=%20+&&=%zz'\"|{} HTTP/1.1",
            "POST / HTTP/1.1",
            "POST /\u00e9 HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "GET http://web.localhost/x?y HTTP/1.1",
            "GET http://web.localhost HTTP/1.1",
            "GET http://other/ HTTP/1.1",
            "GET / HTTP/1.0",
            "GET /a b HTTP/1.1",
            "GET  / HTTP/1.1",
            "CONNECT web:80 HTTP/1.1",
            "get /#f HTTP/1.1",
            "PRI * HTTP/2.0",
            "");

    private static final List<String> NAMES = List.of(
            "Host",
            "X-Kept",
            "x_kept",
            "Cookie",
            "Content-Type",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Proxy-Authorization",
            "Upgrade",
            "HTTP2-Settings",
            "TE",
            "Trailer",
            "Via",
            "Expect",
            "Forwarded",
            "X-Forwarded-For",
            "x_forwarded_host",
            "X-Real-IP",
            "X-Request-Id",
            "culvert-target",
            "Culvert_Principal",
            "culvert-timeout",
            "Culvert-Authorization",
            "X-Backstream-Other",
            "x b",
            "x\u0000",
            "\u00e9",
            "");

    private static final List<String> VALUES = List.of(
            "web.localhost",
            "web.localhost:80",
            "web",
            "close",
            "upgrade",
            "websocket",
            "h2c",
            "chunked",
            "trailers",
            "100-continue",
            "0",
            "5",
            "+5",
            "1s",
            "x-kept",
            "host",
            "via, x-forwarded-for",
            "content-length",
            "a\tb",
            "\u00e9\u00ff",
            "\u0000",
            "\u000b",
            "\u007f",
            "a\rb",
            "a\nX-Other: b",
            " folded\r\n more",
            "6.6.6.6",
            "application/grpc");

    private final GatewayParts parts = new GatewayParts(
            "relay1",
            GatewayOptions.DEFAULT.withRules(GatewayRules.DEFAULT.withFallback(Address.service("web"))),
            Site.ANYONE,
            entry -> {},
            InstantSource.system(),
            new Random(9110));

    @FuzzTest(maxDuration = "10m")
    void any_bytes_are_refused_or_become_one_sound_request(byte[] bytes) {
        play(bytes);
    }

    /** Mostly proper heads with a few wrong parts: random bytes alone never get past the first line. */
    @Test
    void seeded_heads_are_refused_or_become_one_sound_request() {
        int through = 0;
        for (int seed = 0; seed < INPUTS; seed++) {
            String head = head(new Random(seed));
            try {
                through += play(head.getBytes(ISO_8859_1)) ? 1 : 0;
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("head of seed " + seed + ":\n" + head, failure);
            }
        }
        assertThat(through).as("requests that a service got").isBetween(INPUTS / 20, INPUTS * 19 / 20);
    }

    private static String head(Random random) {
        StringBuilder head = new StringBuilder(FIRST_LINES.get(random.nextInt(3) > 0 ? 0 : any(random, FIRST_LINES)));
        head.append("\r\n");
        if (random.nextInt(8) > 0) {
            head.append("Host: web.localhost\r\n");
        }
        for (int left = random.nextInt(6); left > 0; left--) {
            head.append(NAMES.get(any(random, NAMES))).append(random.nextInt(30) > 0 ? ": " : " :");
            head.append(VALUES.get(any(random, VALUES)));
            head.append(random.nextInt(4) > 0 ? "" : ", " + NAMES.get(any(random, NAMES)));
            head.append(random.nextInt(40) > 0 ? "\r\n" : "\n");
        }
        head.append("\r\n");
        if (random.nextInt(20) == 0) {
            head.setCharAt(random.nextInt(head.length()), (char) random.nextInt(256));
        }
        return head.toString();
    }

    private static int any(Random random, List<String> of) {
        return random.nextInt(of.size());
    }

    /** Whether a service got a request. */
    private boolean play(byte[] bytes) {
        HttpRequest request = decoded(bytes);
        if (request == null) {
            return false;
        }
        Admission admission;
        try {
            admission = Admission.of(parts, request, STRANGER);
        } catch (Rejected refused) {
            assertThat(refused.fault().status().code()).isIn(REFUSALS);
            assertThat(refused.fault().text()).isNotBlank();
            return false;
        }
        admission.rewrite(request, STRANGER.withHost(admission.head().hostText()), "0123456789abcdef");
        MappedHead mapped = new MappedHead(
                new String(bytes, ISO_8859_1),
                admission.upgrade(),
                admission.address().service());
        mapped.check(onTheWire(request));
        if (admission.upgrade() == null) {
            mapped.check(Http2Heads.toService(request, HttpScheme.HTTP));
        }
        admission.end();
        return true;
    }

    /** The first request of a connection; null: no whole head is there. */
    private static @Nullable HttpRequest decoded(byte[] bytes) {
        EmbeddedChannel reader = new EmbeddedChannel(new ClientDecoder(HEAD_BYTES, () -> {}));
        reader.writeInbound(Unpooled.wrappedBuffer(bytes));
        Object first = reader.readInbound();
        for (Object rest = reader.readInbound(); rest != null; rest = reader.readInbound()) {
            ReferenceCountUtil.release(rest);
        }
        reader.finishAndReleaseAll();
        return (HttpRequest) first;
    }

    private static String onTheWire(HttpRequest request) {
        EmbeddedChannel writer = new EmbeddedChannel(new HttpRequestEncoder());
        writer.writeOutbound(request);
        ByteBuf bytes = writer.readOutbound();
        String text = bytes.toString(ISO_8859_1);
        bytes.release();
        assertThat(writer.outboundMessages()).isEmpty();
        writer.finishAndReleaseAll();
        return text;
    }
}
