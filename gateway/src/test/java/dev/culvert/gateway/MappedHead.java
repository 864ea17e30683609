package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a client's head may become at a service, said a second time and without the codec: one line feed after each carriage return, one colon
 * in each line, and nothing forgiven. Used by one thread.
 */
final class MappedHead {
    /** RFC 9110, 5.6.2 */
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private static final Set<String> HOP = Set.of(
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "http2-settings");

    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "connection", "upgrade", "te");

    /** What the gateway says itself, at most once each. */
    private static final Set<String> OWN =
            Set.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "x-request-id", "via");

    private static final Set<String> ORIGIN = Set.of(
            "x-forwarded-port", "x-forwarded-server", "x-forwarded-prefix", "x-real-ip", "true-client-ip", "client-ip");

    /** Connection may name them, and they stay all the same. */
    private static final Set<String> KEPT = Set.of(
            "host", "content-length", "transfer-encoding", "content-type", "authorization", "cookie", "te", "expect");

    /** A field as it stands; {@code name} in lower case. */
    record Field(String name, String value) {
        static Field of(String line) {
            int colon = line.indexOf(':');
            assertThat(colon).as("a colon in '%s'", line).isPositive();
            assertThat(line.substring(0, colon)).as("name").matches(TOKEN);
            String value = line.substring(colon + 1).replaceAll("^[ \t]+|[ \t]+$", "");
            assertThat(value).as("value").doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
            return new Field(line.substring(0, colon).toLowerCase(Locale.ROOT), value);
        }

        /** As servers see it that do not tell an underscore from a hyphen. */
        String plain() {
            return name.replace('_', '-');
        }
    }

    private final String method;
    private final String uri;
    private final List<Field> said;
    private final @Nullable String upgrade;
    private final String service;

    /**
     * @param said what the client said, which was accepted
     * @param upgrade the protocol that it may switch to; null: none
     * @param service where it goes, which is its host if the client named none
     */
    MappedHead(String said, @Nullable String upgrade, String service) {
        String head = said.replaceFirst("^(\r\n)+", "");
        assertThat(head).as("a whole head").contains("\r\n\r\n");
        List<String> lines = lines(head.substring(0, head.indexOf("\r\n\r\n") + 4));
        String[] words = lines.get(0).split(" ", -1);
        assertThat(words).as("first line").hasSize(3);
        this.method = words[0];
        this.uri = words[1];
        this.said = lines.stream().skip(1).map(Field::of).toList();
        this.upgrade = upgrade;
        this.service = service;
    }

    /** Every line ends as it should, and holds no other line end, and no NUL. */
    private static List<String> lines(String head) {
        assertThat(head).endsWith("\r\n\r\n");
        String[] lines = head.substring(0, head.length() - 4).split("\r\n", -1);
        assertThat(lines).allSatisfy(line -> assertThat(line).isNotEmpty().doesNotContainPattern("[\r\n\u0000]"));
        return List.of(lines);
    }

    /** One head in HTTP/1.1, and nothing behind it. */
    void check(String wire) {
        assertThat(wire.indexOf("\r\n\r\n")).as("one head only").isEqualTo(wire.length() - 4);
        List<String> lines = lines(wire);
        String[] words = lines.get(0).split(" ", -1);
        assertThat(words).hasSize(3).contains(method, "HTTP/1.1");
        checkTarget(words[1]);
        List<Field> fields = lines.stream().skip(1).map(Field::of).toList();
        checkFraming(fields);
        checkFields(fields);
        assertThat(values(fields, "host")).hasSize(1);
        checkHost(values(fields, "host").get(0));
    }

    void check(Http2Headers headers) {
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> entry : headers) {
            String name = entry.getKey().toString();
            assertThat(name).isLowerCase();
            if (!name.startsWith(":")) {
                fields.add(Field.of(name + ":" + entry.getValue()));
            }
        }
        for (String pseudo : List.of(":method", ":scheme", ":authority", ":path")) {
            assertThat(headers.getAll(pseudo)).as(pseudo).hasSize(1);
        }
        assertThat(headers.method()).hasToString(method);
        checkTarget(headers.path().toString());
        checkHost(headers.authority().toString());
        assertThat(fields).extracting(Field::name).doesNotContain("connection", "upgrade", "transfer-encoding", "host");
        checkFields(fields);
    }

    /** Byte for byte; of the absolute form, what follows the host. */
    private void checkTarget(String target) {
        if (uri.startsWith("/") || uri.equals("*")) {
            assertThat(target).isEqualTo(uri);
        } else {
            String rest = uri.replaceFirst("^(?i:https?)://[^/?]*", "");
            assertThat(target).isIn(rest, "/" + rest, "*");
        }
    }

    private void checkHost(String host) {
        List<String> hosts = values(said, "host");
        assertThat(host).isEqualTo(hosts.isEmpty() || hosts.get(0).isEmpty() ? service : hosts.get(0));
    }

    private void checkFraming(List<Field> fields) {
        List<String> lengths = values(fields, "content-length");
        List<String> codings = values(fields, "transfer-encoding");
        assertThat(lengths.size() + codings.size()).as("ways to end").isLessThanOrEqualTo(1);
        assertThat(lengths).allMatch(length -> length.matches("[0-9]+"));
        assertThat(codings).allMatch("chunked"::equalsIgnoreCase);
        assertThat(lengths).isEqualTo(values(said, "content-length"));
        assertThat(codings).isEqualTo(values(said, "transfer-encoding"));
        List<String> switching = upgrade == null ? List.of() : List.of(upgrade);
        assertThat(values(fields, "upgrade")).isEqualTo(switching);
        assertThat(values(fields, "connection")).hasSameSizeAs(switching).allMatch("upgrade"::equals);
    }

    private void checkFields(List<Field> fields) {
        assertThat(fields).extracting(Field::name).doesNotContainAnyElementsOf(HOP);
        assertThat(fields).noneMatch(field -> isInternal(field.plain()));
        assertThat(values(fields, "te")).hasSizeLessThanOrEqualTo(1).allMatch("trailers"::equals);
        assertThat(values(fields, "x-forwarded-for")).containsExactly("192.0.2.7");
        assertThat(values(fields, "x-forwarded-proto")).containsExactly("http");
        assertThat(values(fields, "forwarded")).hasSize(1);
        assertThat(values(fields, "x-request-id")).containsExactly("0123456789abcdef");
        assertThat(values(fields, "via")).endsWith("1.1 relay1");
        assertThat(passing(fields)).as("all others, in their order").isEqualTo(passing(said));
    }

    /** Fields of the client's that are the service's to see. */
    private List<Field> passing(List<Field> fields) {
        Set<String> named = new TreeSet<>();
        for (String value : values(said, "connection")) {
            for (String name : value.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        named.removeAll(KEPT);
        return fields.stream()
                .filter(field -> !named.contains(field.name()) && !HOP.contains(field.name()))
                .filter(field ->
                        !FRAMING.contains(field.name()) && !field.name().equals("host"))
                .filter(field ->
                        !isInternal(field.plain()) && !OWN.contains(field.plain()) && !ORIGIN.contains(field.plain()))
                .toList();
    }

    private static boolean isInternal(String plain) {
        return plain.startsWith("culvert-") || plain.startsWith("x-backstream-");
    }

    private static List<String> values(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .toList();
    }
}
