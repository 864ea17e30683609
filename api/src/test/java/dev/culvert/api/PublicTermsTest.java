package dev.culvert.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a program may say of callers without a credential. */
final class PublicTermsTest {
    private static final PasswordHash ALICE = PasswordHash.of("alice", "secret", new Random(1), 1000);

    @Test
    void terms_add_up_and_a_binding_carries_them() {
        PublicTerms terms = PublicTerms.ANYONE
                .withNetwork("10.0.0.0/8")
                .withNetwork("2001:db8::/32")
                .withPassword(ALICE);
        assertThat(terms).hasToString("public to 10.0.0.0/8,2001:db8::/32 by password");
        BindOptions options = BindOptions.DEFAULT
                .withPublicTerms(terms)
                .withHttp2(true)
                .withHostHeader("web.example:8080")
                .withShared(true);
        assertThat(options.gateways()).isEqualTo(new GatewayTerms(terms, "web.example:8080", true));
    }

    @Test
    void what_cannot_hold_is_refused_where_it_is_said() {
        refuses(() -> PublicTerms.ANYONE.withNetwork("nowhere"), "network 'nowhere'", "10.0.0.0/8");
        refuses(() -> PublicTerms.NOBODY.withNetwork("10.0.0.0/8"), "not public", "PublicTerms.ANYONE");
        refuses(() -> PublicTerms.ANYONE.withPassTls(true).withPassword(ALICE), "passwords where TLS passes");
        refuses(() -> PublicTerms.ANYONE.withPassword(ALICE).withPassTls(true), "passwords where TLS passes");
        refuses(() -> BindOptions.DEFAULT.withHostHeader("a b"), "'a b'", "a name or an address");
        refuses(() -> PasswordHash.of("alice", "secret", new Random(1), 10), "iterations: 10", "1000");
        PublicTerms many = PublicTerms.ANYONE;
        for (int i = 0; i < 64; i++) {
            many = many.withNetwork("10.0.0." + i);
        }
        PublicTerms full = many;
        refuses(() -> full.withNetwork("10.0.1.0"), "65 networks", "at most 64");
    }

    private static void refuses(ThrowingCallable saying, String... words) {
        assertThatThrownBy(saying).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(words);
    }
}
