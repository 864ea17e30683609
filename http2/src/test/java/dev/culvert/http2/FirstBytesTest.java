package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FirstBytesTest {
    private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static final byte[] CLIENT_HELLO = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

    private final FirstBytes firstBytes = new FirstBytes(Set.of("EVA", "ELA", "REVERT"));

    private Verdict of(byte[] bytes) {
        ByteBuf soFar = Unpooled.wrappedBuffer(bytes);
        Verdict verdict = firstBytes.of(soFar);
        assertThat(soFar.readableBytes()).as("nothing is taken away").isEqualTo(bytes.length);
        return verdict;
    }

    private Verdict of(String text) {
        return of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void every_prefix_of_the_preface_is_undecided_and_the_whole_is_a_client() {
        for (int length = 0; length < FirstBytes.PREFACE.length; length++) {
            assertThat(of(Arrays.copyOf(FirstBytes.PREFACE, length)))
                    .as("%d bytes", length)
                    .isEqualTo(Verdict.UNDECIDED);
        }
        assertThat(of(FirstBytes.PREFACE)).isEqualTo(Verdict.CLIENT);
        assertThat(of(concat(FirstBytes.PREFACE, SETTINGS))).isEqualTo(Verdict.CLIENT);
    }

    @Test
    void a_preface_with_any_other_byte_anywhere_is_no_client() {
        for (int at = 0; at < FirstBytes.PREFACE.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] wrong = FirstBytes.PREFACE.clone();
                wrong[at] = (byte) value;
                if (wrong[at] != FirstBytes.PREFACE[at]) {
                    Verdict verdict = of(Arrays.copyOf(wrong, at + 1));
                    if (at >= 3) {
                        assertThat(verdict).as("byte %d is %d", at, value).isInstanceOf(Verdict.Refused.class);
                    } else {
                        assertThat(verdict).as("byte %d is %d", at, value).isNotEqualTo(Verdict.CLIENT);
                    }
                }
            }
        }
    }

    @Test
    void a_refusal_says_what_was_expected() {
        assertThat(of("PRI * HTTP/1.1"))
                .isEqualTo(new Verdict.Refused("malformed HTTP/2 preface: byte 12 is 49 (expected: 50)"));
    }

    /** However it arrives: what decides is the same, and what comes later changes nothing. */
    @ParameterizedTest
    @MethodSource("beginnings")
    void every_split_in_three_parts_leads_to_the_same(byte[] whole) {
        int decides = IntStream.rangeClosed(0, whole.length)
                .filter(length -> of(Arrays.copyOf(whole, length)) != Verdict.UNDECIDED)
                .findFirst()
                .orElseThrow();
        Verdict expected = of(Arrays.copyOf(whole, decides));
        for (int first = 0; first <= whole.length; first++) {
            for (int second = first; second <= whole.length; second++) {
                assertThat(firstDecision(whole, first, second, whole.length))
                        .as("split at %d and %d", first, second)
                        .isEqualTo(expected);
            }
        }
    }

    static Stream<byte[]> beginnings() {
        Stream<String> texts = Stream.of(
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX",
                "PRI",
                "EVA",
                "ELA\026\003\001",
                "REVERSE edge-7.example_1\n",
                "REVERSE \n",
                "REVERSE edge 7\n",
                "REVERSE " + "x".repeat(64) + "\n",
                "GET / HTTP/1.1\r\n",
                "OPTIONS * HTTP/1.1\r\n",
                "\000\000\022\004\000\000\000\000\000",
                "SSH-2.0-x");
        return Stream.concat(
                texts.map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).filter(bytes -> bytes.length > 3),
                Stream.of(SETTINGS, CLIENT_HELLO));
    }

    private Verdict firstDecision(byte[] whole, int... cuts) {
        for (int cut : cuts) {
            Verdict verdict = of(Arrays.copyOf(whole, cut));
            if (verdict != Verdict.UNDECIDED) {
                return verdict;
            }
        }
        throw new AssertionError("undecided: " + Arrays.toString(whole));
    }

    @Test
    void one_byte_of_settings_is_enough_for_a_server() {
        for (int length = 1; length <= SETTINGS.length; length++) {
            assertThat(of(Arrays.copyOf(SETTINGS, length))).isEqualTo(new Verdict.Reversed("", 0));
        }
    }

    @Test
    void a_bare_name_is_a_name_and_its_prefixes_are_undecided() {
        assertThat(of("E")).isEqualTo(Verdict.UNDECIDED);
        assertThat(of("EV")).isEqualTo(Verdict.UNDECIDED);
        assertThat(of("EVA")).isEqualTo(new Verdict.Reversed("EVA", 3));
        assertThat(of(concat("ELA".getBytes(StandardCharsets.US_ASCII), CLIENT_HELLO)))
                .isEqualTo(new Verdict.Reversed("ELA", 3));
        assertThat(of("EVE")).isEqualTo(new Verdict.Reversed("", 0));
        assertThat(new FirstBytes(Set.of()).of(Unpooled.copiedBuffer("EVA", StandardCharsets.US_ASCII)))
                .isEqualTo(new Verdict.Reversed("", 0));
    }

    @Test
    void an_announced_name_is_a_line() {
        assertThat(of("REVERSE edge7")).isEqualTo(Verdict.UNDECIDED);
        assertThat(of("REVERSE edge7\n")).isEqualTo(new Verdict.Reversed("edge7", 14));
        assertThat(of("REVERSE edge7\nEVA")).isEqualTo(new Verdict.Reversed("edge7", 14));
        assertThat(of("REVERSE " + "x".repeat(63) + "\n")).isEqualTo(new Verdict.Reversed("x".repeat(63), 72));
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVERSE \n", "REVERSE a b", "REVERSE a\r\n", "REVERSE \u00fc", "REVERSE a/b"})
    void a_malformed_announcement_is_refused(String announcement) {
        assertThat(of(announcement)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void a_name_that_is_too_long_is_refused_before_its_line_ends() {
        assertThat(of("REVERSE " + "x".repeat(63))).isEqualTo(Verdict.UNDECIDED);
        assertThat(of("REVERSE " + "x".repeat(64))).isInstanceOf(Verdict.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE "})
    void what_speaks_http_1_is_a_client(String method) {
        assertThat(of(method)).isEqualTo(Verdict.CLIENT);
        assertThat(of(method.substring(0, method.length() - 1))).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void who_begins_tls_is_a_client() {
        assertThat(of(new byte[] {22})).isEqualTo(Verdict.UNDECIDED);
        assertThat(of(new byte[] {22, 3})).isEqualTo(Verdict.CLIENT);
        assertThat(of(new byte[] {22, 4})).isEqualTo(new Verdict.Reversed("", 0));
    }

    @Test
    void a_decision_holds_whatever_comes_next() {
        SplittableRandom random = new SplittableRandom(7);
        List<byte[]> beginnings = beginnings().toList();
        for (int round = 0; round < 5_000; round++) {
            byte[] tail = new byte[random.nextInt(40)];
            random.nextBytes(tail);
            byte[] begin = beginnings.get(random.nextInt(beginnings.size()));
            byte[] all = concat(Arrays.copyOf(begin, random.nextInt(begin.length + 1)), tail);
            Verdict decided = Verdict.UNDECIDED;
            for (int length = 0; length <= all.length; length++) {
                Verdict now = of(Arrays.copyOf(all, length));
                if (decided != Verdict.UNDECIDED) {
                    assertThat(now.getClass()).as("round %d", round).isEqualTo(decided.getClass());
                }
                decided = now;
            }
        }
    }
}
