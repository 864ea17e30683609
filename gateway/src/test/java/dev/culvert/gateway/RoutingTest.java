package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.Address;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutingTest {
    private final Routing routing = new Routing(
            GatewayRules.DEFAULT
                    .withDomain("example.com")
                    .withHost("shop.example.com", Address.parse("shop"))
                    .withPath("/api", Address.parse("api"))
                    .withPath("/api/v2/", Address.parse("api2")),
            "edge.known"::equals);

    private Routing.Choice choose(String host, String path) {
        return routing.choose(new DefaultHttpHeaders(), HostName.parse(host), path);
    }

    @ParameterizedTest
    @CsvSource({
        "web.example.com, /, web",
        "edge7.web.example.com, /, edge7.web",
        "edge7.a.b.example.com:443, /, edge7.a.b",
        "SHOP.example.COM., /, shop",
        "web.example.com, /api, api",
        "other.test, /api/v2, api2",
        "other.test, /api/v2/x?y, api2",
        "other.test, /api/v20, api",
        "other.test, /api?x, api"
    })
    void the_most_exact_rule_decides(String host, String path, String address) {
        assertThat(choose(host, path).address()).isEqualTo(Address.parse(address));
    }

    @ParameterizedTest
    @CsvSource({
        "other.test, /, 421",
        "example.com.evil.test, /, 421",
        "webexample.com, /, 421",
        "example.com, /, 404",
        "127.0.0.1, /, 404",
        "[::1], /apis, 404",
        "other.test, /api/../secret, 400",
        "other.test, /api/%2e%2E/secret, 400",
        "other.test, /api/..%2fsecret, 400",
        "other.test, /api/..;x=1/secret, 400"
    })
    void what_leads_nowhere_or_two_ways_is_refused(String host, String path, int status) {
        assertThat(choose(host, path).fault().status().code()).isEqualTo(status);
    }

    @Test
    void a_fallback_takes_what_nothing_else_decides() {
        Routing open = new Routing(GatewayRules.DEFAULT.withFallback(Address.parse("home")), id -> false);
        assertThat(open.choose(new DefaultHttpHeaders(), null, "/").address()).isEqualTo(Address.parse("home"));
        assertThat(open.choose(new DefaultHttpHeaders(), HostName.parse("x.test"), "/")
                        .address())
                .isEqualTo(Address.parse("home"));
    }

    /** Clients of HTTP/2 bring it on the connection of another host that our certificate names, too. */
    @Test
    void a_host_whose_tls_passes_is_not_answered_by_what_takes_the_rest() {
        Routing open = new Routing(
                GatewayRules.DEFAULT
                        .withFallback(Address.parse("home"))
                        .withPath("/", Address.parse("home"))
                        .withPass("bank.test", Address.parse("bank")),
                id -> false);
        assertThat(open.choose(new DefaultHttpHeaders(), HostName.parse("Bank.test.:443"), "/")
                        .fault()
                        .status()
                        .code())
                .isEqualTo(421);
        assertThat(open.choose(new DefaultHttpHeaders(), HostName.parse("bank.test.other"), "/")
                        .address())
                .isEqualTo(Address.parse("home"));
    }

    @Test
    void a_header_goes_before_all_else_and_must_stand_alone() {
        HttpHeaders headers = new DefaultHttpHeaders().add("Culvert-Target", "edge7.web");
        assertThat(routing.choose(headers, HostName.parse("shop.example.com"), "/api")
                        .address())
                .isEqualTo(Address.parse("edge7.web"));
        headers.add("x-backstream-client-id", "edge7.web");
        assertThat(routing.choose(headers, null, "/").fault().status().code()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "web/../x", "$status", "edge7.$status", "web\u0000"})
    void names_that_are_none_or_not_for_callers_are_refused(String name) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory()
                .withValidation(false)
                .newHeaders()
                .add("culvert-target", name);
        assertThat(routing.choose(headers, null, "/").fault().status().code()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a..b",
                "user@host",
                "a b",
                "host:port",
                "host:123456",
                "%65xample.com",
                "ex\u00e4mple.com",
                "-a",
                "[::1"
            })
    void what_is_no_host_is_not_guessed(String host) {
        assertThat(HostName.parse(host)).isNull();
    }

    @Test
    void rules_that_cannot_work_do_not_start() {
        assertThatThrownBy(() -> GatewayRules.DEFAULT.withDomain("https://x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://x");
        assertThatThrownBy(() -> GatewayRules.DEFAULT.withPath("api", Address.parse("x")))
                .hasMessageContaining("expected: a prefix");
    }

    @Test
    void an_id_of_a_client_of_backstream_is_a_name_as_it_is_and_any_other_an_address() {
        DefaultHttpHeaders known = new DefaultHttpHeaders();
        known.set(Routing.CLIENT_ID, "edge.known");
        assertThat(routing.choose(known, null, "/").address()).isEqualTo(Address.service("edge.known"));
        known.set(Routing.CLIENT_ID, "edge.other");
        assertThat(routing.choose(known, null, "/").address()).isEqualTo(Address.at("edge", "other"));
    }
}
