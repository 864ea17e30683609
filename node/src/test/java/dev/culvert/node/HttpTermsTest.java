package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.BindOptions;
import dev.culvert.api.PublicTerms;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What gateways learn of a service. [CTRL-4c] */
final class HttpTermsTest {
    private static final HttpTerms ALL = new HttpTerms("dev.example:5173", true, true, true);

    @Test
    void they_travel_as_labels_of_which_others_and_nonsense_are_not_there() {
        assertThat(HttpTerms.of(ALL.labels())).isEqualTo(ALL);
        assertThat(HttpTerms.DEFAULT.labels()).isEmpty();
        assertThat(HttpTerms.of(Map.of("http.host", "a\r\nEvil: 1", "http.version", "3", "zone", "eu")))
                .isEqualTo(HttpTerms.DEFAULT);
    }

    @Test
    void a_service_of_a_program_may_say_the_same_as_one_that_leads_to_a_target() {
        BindOptions options = BindOptions.DEFAULT
                .withHttp2(true)
                .withHostHeader("dev.example")
                .withPublicTerms(PublicTerms.ANYONE.withNetwork("10.0.0.0/8"));
        Offer offer = Offer.of(Offer.of(7, "web", options).toMessage());
        assertThat(offer.httpTerms()).isEqualTo(new HttpTerms("dev.example", true, false, false));
        assertThat(offer.publicTerms()).isEqualTo(options.gateways().publicTerms());
    }

    @Test
    void several_nodes_are_spoken_to_as_all_of_them_understand() {
        assertThat(ALL.and(ALL)).isEqualTo(ALL);
        assertThat(ALL.and(HttpTerms.DEFAULT)).isEqualTo(new HttpTerms("", false, false, true));
        assertThat(HttpTerms.DEFAULT.and(ALL)).isEqualTo(new HttpTerms("", false, false, true));
    }

    @Test
    void a_target_s_own_host_is_as_browsers_write_it() {
        TargetOptions own = TargetOptions.DEFAULT.withHostHeader(TargetOptions.OWN_HOST);
        assertThat(own.httpTerms(Target.parse("5173")).host()).isEqualTo("127.0.0.1:5173");
        assertThat(own.httpTerms(Target.parse("https://web.local")).host()).isEqualTo("web.local");
        assertThat(own.httpTerms(Target.parse("https://[::1]:8443")).host()).isEqualTo("[::1]:8443");
        assertThat(own.httpTerms(Target.parse("http://web.local")).host()).isEqualTo("web.local");
        assertThat(own.httpTerms(Target.parse("unix:/run/x")).host()).isEqualTo("localhost");
        assertThatThrownBy(() -> TargetOptions.DEFAULT.withHostHeader("a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a b'");
    }
}
