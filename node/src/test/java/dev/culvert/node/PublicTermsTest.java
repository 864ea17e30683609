package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.PublicTerms;
import dev.culvert.link.proto.Registration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PublicTermsTest {
    private static final PublicTerms SOME =
            new PublicTerms(true, List.of("10.0.0.0/8"), List.of("alice:pbkdf2-sha256:1000:salt:hash"), true);

    private static Offer offer(PublicTerms terms) {
        return new Offer(7, "web", 0, false, -1, terms, HttpTerms.DEFAULT);
    }

    @Test
    void terms_travel_and_who_knows_nothing_of_them_takes_the_service_for_private() {
        for (PublicTerms terms : List.of(PublicTerms.NOBODY, PublicTerms.ANYONE, SOME)) {
            Registration message = offer(terms).toMessage();
            assertThat(Offer.of(message).publicTerms()).isEqualTo(terms);
            assertThat(message.getPublicHttp()).isEqualTo(terms.equals(PublicTerms.ANYONE));
        }
        Registration both =
                offer(SOME).toMessage().toBuilder().setPublicHttp(true).build();
        assertThat(Offer.of(both).publicTerms()).isEqualTo(SOME);
    }

    @Test
    void they_are_bounded_and_shown_without_hashes() {
        assertThat(offer(SOME).fault()).isNull();
        PublicTerms many = new PublicTerms(true, Collections.nCopies(65, "10.0.0.0/8"), List.of(), false);
        assertThat(offer(many).fault()).contains("65 networks");
        PublicTerms longOne = new PublicTerms(true, List.of(), List.of("a".repeat(257)), false);
        assertThat(offer(longOne).fault()).contains("256");
        assertThat(SOME.toString()).isEqualTo("public to 10.0.0.0/8 by password, TLS passed on");
    }
}
