package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JoinStringTest {
    private static final byte[] KEY = IdentityKey.generate().publicKey();
    private static final Scope SCOPE =
            new Scope("shop", NamePatterns.parse("web,api-*"), NamePatterns.ALL, new PortRange(20000, 20100), true);
    private static final JoinToken TOKEN = JoinToken.issue(
            IdentityKey.generate(), new byte[8], new Grant(SCOPE, 1_800_000_000_000L, Long.MAX_VALUE, 3));

    @ParameterizedTest
    @ValueSource(strings = {"relay.example.com", "10.0.0.1", "2001:db8::1", "fe80::1%eth0", "localhost"})
    void carries_every_kind_of_host(String host) {
        JoinString join = join(new JoinString.Relay(host, 7443, KEY));
        assertThat(JoinString.parse(join.text())).isEqualTo(join);
        assertThat(JoinString.parse("  " + join.text() + "\n")).isEqualTo(join);
    }

    @Test
    void carries_several_relays_with_a_key_each() {
        JoinString join = join(
                new JoinString.Relay("a.example.com", 1, KEY),
                new JoinString.Relay(
                        "2001:db8::2", 65535, IdentityKey.generate().publicKey()));
        assertThat(JoinString.parse(join.text())).isEqualTo(join);
        assertThat(join.text()).startsWith("culvert://a.example.com:1,[2001:db8::2]:65535/");
    }

    @ParameterizedTest
    @EnumSource
    void its_scheme_says_how_the_relays_are_linked_to(JoinString.Transport transport) {
        JoinString join =
                new JoinString(List.of(new JoinString.Relay("relay.example.com", 443, KEY)), TOKEN.text(), transport);
        assertThat(join.text()).startsWith(transport.scheme());
        assertThat(JoinString.parse(join.text())).isEqualTo(join);
        assertThat(JoinString.parse(text().replace("culvert://", transport.scheme()))
                        .transport())
                .isEqualTo(transport);
        assertThat(JoinString.redact(join.text()))
                .isEqualTo(transport.scheme() + "relay.example.com:443/...")
                .isEqualTo(join.toString());
    }

    @Test
    void a_scheme_that_is_none_is_told() {
        assertThatThrownBy(() -> JoinString.parse(text().replace("culvert://", "culvert+ftp://")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not begin with culvert://");
    }

    @Test
    void says_what_it_grants() {
        JoinString join =
                JoinString.parse(join(new JoinString.Relay("a", 1, KEY)).text());
        assertThat(join.grant()).isEqualTo(TOKEN.grant());
        assertThat(join.inviteId()).isEqualTo("0000000000000000");
    }

    @Test
    void every_cut_is_told_as_one() {
        String text = text();
        int start = text.indexOf('/', 10);
        for (int length = start; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThatThrownBy(() -> JoinString.parse(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is cut off")
                    .hasMessageContaining("culvert invite")
                    .satisfies(e -> assertThat(e.getMessage())
                            .doesNotContain(TOKEN.text().substring(0, 12)));
        }
    }

    @Test
    void every_changed_character_is_told_and_the_secret_is_not() {
        String text = text();
        for (int at = "culvert://".length(); at < text.length(); at++) {
            String changed = text.substring(0, at) + (text.charAt(at) == 'x' ? 'y' : 'x') + text.substring(at + 1);
            assertThatThrownBy(() -> JoinString.parse(changed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("join string ")
                    .satisfies(e -> assertThat(e.getMessage())
                            .doesNotContain(TOKEN.text().substring(40, 52)));
        }
    }

    @Test
    void something_behind_it_is_told() {
        assertThatThrownBy(() -> JoinString.parse(text() + "xyz")).hasMessageContaining("something follows");
        assertThatThrownBy(() -> JoinString.parse(text().replaceFirst("/", "/ ")))
                .hasMessageContaining("join string");
        assertThatThrownBy(() -> JoinString.parse("http://example.com/")).hasMessageContaining("culvert://");
        assertThatThrownBy(() -> JoinString.parse("")).hasMessageContaining("does not begin with culvert://");
        assertThatThrownBy(() -> JoinString.parse("culvert://a:1/" + "x".repeat(20_000)))
                .hasMessageContaining("at most 16384");
    }

    @Test
    void a_changed_address_is_told_with_the_address() {
        assertThatThrownBy(() -> JoinString.parse(text().replace("relay.example.com", "relay.example.org")))
                .hasMessageContaining("relay.example.org:7443")
                .hasMessageContaining("addresses were changed");
    }

    @Test
    void upper_case_in_scheme_and_host_does_not_matter() {
        JoinString join = join(new JoinString.Relay("relay.example.com", 7443, KEY));
        String upper = join.text().replace("culvert://relay.example.com", "CULVERT://Relay.Example.COM");
        assertThat(JoinString.parse(upper)).isEqualTo(join);
    }

    @Test
    void prints_itself_redacted_and_redacts_texts() {
        JoinString join = join(new JoinString.Relay("relay.example.com", 7443, KEY));
        assertThat(join.toString()).isEqualTo("culvert://relay.example.com:7443/...");
        assertThat(JoinString.redact("cannot use '" + join.text() + "' here, nor " + join.text()))
                .isEqualTo(
                        "cannot use 'culvert://relay.example.com:7443/...' here, nor culvert://relay.example.com:7443/...");
    }

    @Test
    void the_relay_takes_a_token_with_and_without_the_check() {
        String withCheck = text().substring(text().lastIndexOf('/') + 1);
        assertThat(withCheck).startsWith(TOKEN.text() + ".");
        assertThat(JoinToken.parse(withCheck).text()).isEqualTo(TOKEN.text());
    }

    @Test
    void refuses_relays_that_are_none() {
        assertThatThrownBy(() -> new JoinString.Relay("UPPER", 1, KEY)).hasMessageContaining("'UPPER'");
        assertThatThrownBy(() -> new JoinString.Relay("a", 0, KEY)).hasMessageContaining("port 0");
        assertThatThrownBy(() -> new JoinString.Relay("a", 1, new byte[31])).hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> new JoinString(List.of(), TOKEN.text())).hasMessageContaining("0 relays");
    }

    private static String text() {
        return join(new JoinString.Relay("relay.example.com", 7443, KEY)).text();
    }

    private static JoinString join(JoinString.Relay... relays) {
        return new JoinString(List.of(relays), TOKEN.text());
    }
}
