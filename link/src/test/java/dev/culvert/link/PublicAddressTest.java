package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.link.transport.Endpoint;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublicAddressTest {
    private static List<Endpoint> endpoints(String... texts) {
        return Stream.of(texts).map(Endpoint::parse).toList();
    }

    @Test
    void a_certificate_names_what_is_announced_and_the_one_address_listened_on() {
        List<PublicAddress> announced =
                List.of(PublicAddress.parse("relay.example.com"), PublicAddress.parse("wss://relay.example.com"));
        assertThat(PublicAddress.hostNames(announced, endpoints("0.0.0.0:7443", "[2001:db8::1]:7443", "[::]:1")))
                .containsExactly("localhost", "relay.example.com", "2001:db8::1");
        assertThat(PublicAddress.hostNames(List.of(), endpoints("unix:/run/culvert.sock")))
                .containsExactly("localhost");
    }

    @Test
    void ports_in_clear_are_announced_by_a_relay_that_has_no_others() {
        assertThat(PublicAddress.reachable(endpoints("tcp://10.0.0.1:1", "tls://[::1]:2")))
                .extracting(PublicAddress::toString)
                .containsExactly("[::1]:2");
        assertThat(PublicAddress.reachable(endpoints("tcp://10.0.0.1:1", "tcp://0.0.0.0:2")))
                .extracting(PublicAddress::toString)
                .containsExactly("tcp://10.0.0.1:1");
    }
}
