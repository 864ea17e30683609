package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.AddressRange;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "tls://relay.example.com:7443, tls://relay.example.com:7443",
        "relay.example.com, tls://relay.example.com:7443",
        "relay.example.com:1, tls://relay.example.com:1",
        "Relay.Example.COM, tls://relay.example.com:7443",
        "TLS://a, tls://a:7443",
        "[2001:db8::1], tls://[2001:db8::1]:7443",
        "tls://[2001:db8::1]:9, tls://[2001:db8::1]:9",
        "10.0.0.1:65535, tls://10.0.0.1:65535",
        "tcp://a, tcp://a:7443",
        "wss://a, wss://a:443/culvert",
        "wss://a/, wss://a:443/culvert",
        "ws://a:80/other, ws://a:80/other",
        "unix:/run/culvert.sock, unix:/run/culvert.sock",
        "unix:relative, unix:relative",
        "mem:demo, mem:demo",
    })
    void reads_and_prints(String text, String printed) {
        assertThat(Endpoint.parse(text)).hasToString(printed);
        assertThat(Endpoint.parse(printed)).isEqualTo(Endpoint.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tls://",
                "a:b",
                "a:65536",
                "a:-1",
                "http://a",
                "tls://a/path",
                "tls://user@a",
                "wss://a?x",
                "wss://a#x",
                "unix:",
                "mem:",
                "a b",
                "2001:db8::1",
                "tls://a:1:2"
            })
    void names_the_value_that_it_cannot_read_and_what_it_expects(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address '" + text + "': ")
                .hasMessageContaining("expected: host:port");
    }

    @Test
    void addresses_take_turns_between_families_and_are_at_random_within_them() {
        List<InetAddress> given =
                List.of(ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.3"), ip("2001:db8::1"), ip("2001:db8::2"));
        SplittableRandom random = new SplittableRandom(7);
        java.util.Set<InetAddress> first = new java.util.HashSet<>();
        java.util.Set<InetAddress> second = new java.util.HashSet<>();
        for (int i = 0; i < 100; i++) {
            List<InetAddress> order = AddressOrder.of(given, random);
            assertThat(order).containsExactlyInAnyOrderElementsOf(given);
            first.add(order.get(0));
            second.add(order.get(1));
        }
        assertThat(first).containsExactlyInAnyOrder(ip("2001:db8::1"), ip("2001:db8::2"));
        assertThat(second).containsExactlyInAnyOrder(ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.3"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, true", "10.0.0.0/8, 11.0.0.1, false", "10.0.0.1, 10.0.0.1, true",
                "10.0.0.1, 10.0.0.2, false",
        "fd00::/8, fd12::1, true", "fd00::/8, fe80::1, false", "0.0.0.0/0, 1.2.3.4, true", "0.0.0.0/0, ::1, false",
        "10.0.0.128/25, 10.0.0.127, false", "10.0.0.128/25, 10.0.0.200, true"
    })
    void ranges_contain_what_begins_alike(String range, String address, boolean contains) {
        assertThat(AddressRange.parse(range).contains(ip(address))).isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "::/129",
                "host/8",
                "256.0.0.1",
                "10.0.0.1.",
                "fd00::/",
                "1:2"
            })
    void names_a_range_that_it_cannot_read(String range) {
        assertThatThrownBy(() -> AddressRange.parse(range)).hasMessageContaining("network '" + range + "'");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "wss://a, http://p:1",
                "ws://a, http://q:80",
                "tls://a, -",
                "wss://in.example.com, -",
                "wss://example.com, -",
                "wss://notexample.com, http://p:1",
                "wss://10.1.2.3, -",
                "wss://only:9, -",
                "wss://only:10, http://p:1",
                "unix:/x, -",
                "mem:x, -",
            })
    void the_environment_says_which_proxy_if_any(String endpoint, String proxy) {
        Map<String, String> environment = Map.of(
                "HTTPS_PROXY",
                "http://p:1",
                "http_proxy",
                "q",
                "HTTP_PROXY",
                "http://loses",
                "NO_PROXY",
                "example.com, 10.0.0.0/8,only:9");
        Proxy.Http chosen = ProxyChoice.of(Proxy.FROM_ENVIRONMENT, Endpoint.parse(endpoint), environment::get);
        assertThat(chosen == null ? null : chosen.toString()).isEqualTo(proxy);
    }

    @Test
    void proxies_carry_credentials_and_do_not_print_them() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://me:p%40ss+word@p:8080");
        Proxy.Http chosen =
                ProxyChoice.of(new Proxy.FromEnvironment(true), Endpoint.parse("tls://a"), environment::get);
        assertThat(chosen).isNotNull().hasToString("http://me:***@p:8080");
        assertThat(chosen.password()).isEqualTo("p@ss+word");
        assertThat(ProxyChoice.of(chosen, Endpoint.parse("tls://a"), environment::get))
                .isEqualTo(chosen);
        assertThat(ProxyChoice.of(chosen, Endpoint.parse("mem:a"), environment::get))
                .isNull();
        assertThat(ProxyChoice.of(Proxy.NONE, Endpoint.parse("wss://a"), environment::get))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"socks5://me:secret@p:1", "https://me:secret@p", "http://me:secret@", "http://me:secret@p:x"})
    void a_proxy_that_cannot_be_used_is_an_error_and_not_left_out(String value) {
        assertThatThrownBy(() -> ProxyChoice.of(
                        Proxy.FROM_ENVIRONMENT, Endpoint.parse("wss://a"), Map.of("HTTPS_PROXY", value)::get))
                .hasMessageContaining("HTTPS_PROXY: ")
                .hasMessageContaining("expected: http://host:port")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void trust_and_proxy_print_no_secrets() {
        assertThat(new Proxy.Http("p", 1, "me", "secret").toString()).doesNotContain("secret");
        assertThatThrownBy(() -> Trust.pinned(new byte[31])).hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> new ConnectOptions(Trust.SYSTEM, Proxy.NONE, 0, 1, 1, 1))
                .hasMessageContaining("resolveMillis: 0");
        assertThatThrownBy(() -> new AcceptLimits(1, 1, 0, 1, 1, 1)).hasMessageContaining("connections: 0");
    }

    private static InetAddress ip(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }
}
