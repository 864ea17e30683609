package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A ticket is good for whom and what it was made, for its time. [DIRECT-3] [DIRECT-4] [DIRECT-5] */
final class DirectTicketsTest {
    private final IdentityKey key = IdentityKey.generate();
    private final Principal caller = Principal.ofKey(key.publicKey());
    private final Principal stranger = Principal.ofKey(IdentityKey.generate().publicKey());
    private long nowMillis = 1_000;
    private final DirectTickets tickets = new DirectTickets(new SecureRandom(), () -> nowMillis, 60_000);

    @Test
    void a_ticket_for_a_service_is_good_for_nobody_and_nothing_else() {
        byte[] ticket = tickets.forService(caller, "prod", "web", 0);
        assertThat(tickets.leftForService(ticket, caller, "prod", "web", 0)).isEqualTo(60_000);
        assertThat(tickets.leftForService(ticket, stranger, "prod", "web", 0)).isZero();
        assertThat(tickets.leftForService(ticket, caller, "test", "web", 0)).isZero();
        assertThat(tickets.leftForService(ticket, caller, "prod", "web2", 0)).isZero();
        assertThat(tickets.leftForService(ticket, caller, "prod", "", 80)).isZero();
        assertThat(tickets.leftForLink(ticket, caller, "prod")).isZero();
        DirectTickets another = new DirectTickets(new SecureRandom(), () -> nowMillis, 60_000);
        assertThat(another.leftForService(ticket, caller, "prod", "web", 0)).isZero();
    }

    @Test
    void it_ends() {
        byte[] ticket = tickets.forLink(caller, "prod");
        nowMillis += 59_999;
        assertThat(tickets.leftForLink(ticket, caller, "prod")).isOne();
        nowMillis += 1;
        assertThat(tickets.leftForLink(ticket, caller, "prod")).isNotPositive();
    }

    @Test
    void no_bit_of_it_can_be_changed() {
        byte[] ticket = tickets.forLink(caller, "prod");
        for (int bit = 0; bit < ticket.length * Byte.SIZE; bit++) {
            byte[] forged = ticket.clone();
            forged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(tickets.leftForLink(forged, caller, "prod")).isZero();
        }
        assertThat(tickets.leftForLink(new byte[0], caller, "prod")).isZero();
        assertThat(tickets.leftForLink(Arrays.copyOf(ticket, 41), caller, "prod"))
                .isZero();
    }

    @Test
    void a_ticket_gives_a_link_that_may_register_nothing_and_others_are_left_to_the_other() {
        DirectAuthenticator authenticator =
                new DirectAuthenticator(tickets, claim -> new Authenticator.Refused(ErrorCode.DENIED, "by the other"));
        byte[] ticket = tickets.forLink(caller, "prod");

        assertThat(authenticator.authenticate(claim(key.publicKey(), ticket, "prod")))
                .isInstanceOfSatisfying(Authenticator.Accepted.class, accepted -> {
                    assertThat(accepted.principal()).isEqualTo(caller);
                    assertThat(accepted.scope().mayRegister("web")).isFalse();
                    assertThat(accepted.scope().peer()).isFalse();
                    assertThat(accepted.scope().namespace()).isEqualTo("prod");
                });
        assertRefused(authenticator, claim(key.publicKey(), ticket, "test"), ErrorCode.UNAUTHENTICATED);
        assertRefused(authenticator, claim(key.publicKey(), ticket, ""), ErrorCode.UNAUTHENTICATED);
        assertRefused(
                authenticator, claim(IdentityKey.generate().publicKey(), ticket, "prod"), ErrorCode.UNAUTHENTICATED);
        assertRefused(authenticator, claim(null, ticket, "prod"), ErrorCode.UNAUTHENTICATED);
        assertRefused(authenticator, claim(key.publicKey(), null, "prod"), ErrorCode.DENIED);
    }

    private static Authenticator.Claim claim(byte[] publicKey, byte[] ticket, String namespace) {
        return new Authenticator.Claim(publicKey, null, null, ticket, namespace, "laptop");
    }

    private static void assertRefused(Authenticator authenticator, Authenticator.Claim claim, ErrorCode code) {
        assertThat(authenticator.authenticate(claim))
                .isInstanceOfSatisfying(
                        Authenticator.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
