package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody makes a node connect where its owner does not want it to. [DIRECT-7] */
final class DirectPolicyTest {
    private static final DirectPolicy EVERYWHERE = DirectPolicy.of(List.of("0.0.0.0/0", "::/0"));

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7:7443", "10.0.0.5:443", "[2001:db8::7]:7443", "[fd77:3::2]:7443"})
    void addresses_of_other_machines_are_permitted_by_a_range_of_all(String address) {
        assertThat(EVERYWHERE.permit(address)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:7443",
                "127.8.8.8:22",
                "[::1]:7443",
                "[::ffff:127.0.0.1]:7443",
                "169.254.169.254:80",
                "[::ffff:169.254.169.254]:80",
                "[fe80::1]:7443",
                "[fe80::1%eth0]:7443",
                "0.0.0.0:7443",
                "[::]:7443",
                "224.0.0.1:7443",
                "[ff02::1]:7443",
                "localhost:7443",
                "metadata.internal:80",
                "0x7f.1:80",
                "2130706433:80",
                "127.1:80",
                "tcp://10.0.0.5:443",
                "unix:/run/x.sock",
                "mem:edge7",
                "10.0.0.5:0",
                "10.0.0.5:99999",
                "10.0.0.5",
                "user@10.0.0.5:443",
                "10.0.0.5:443/path",
                " 10.0.0.5:443",
                ""
            })
    void names_other_transports_and_what_is_near_are_not(String address) {
        assertThat(EVERYWHERE.permit(address)).isEmpty();
    }

    @Test
    void what_is_near_is_permitted_by_a_range_of_its_own() {
        DirectPolicy near = DirectPolicy.of(List.of("127.0.0.0/8", "169.254.0.0/16"));
        assertThat(near.permit("127.0.0.1:7443")).isPresent();
        assertThat(near.permit("169.254.7.7:7443")).isPresent();
        assertThat(near.permit("10.0.0.5:7443")).isEmpty();
        assertThat(near.permit("[::ffff:127.0.0.1]:7443")).isPresent();
    }

    @Test
    void a_range_that_is_none_is_told_at_once() {
        assertThatThrownBy(() -> DirectPolicy.of(List.of("10.0.0.0/8", "all")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'all'");
    }
}
