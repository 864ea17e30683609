package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** [MUX-13] */
class OpenPermitsTest {
    private final OpenPermits permits = new OpenPermits();

    @Test
    void nothing_is_permitted_before_the_limits_are_known() {
        assertThat(permits.tryOpen()).isFalse();
    }

    @Test
    void the_257th_unacknowledged_open_towards_a_plain_peer_waits() {
        permits.limits(10_000, Profile.Y);
        for (int i = 0; i < 256; i++) {
            assertThat(permits.tryOpen()).isTrue();
        }
        assertThat(permits.tryOpen()).isFalse();
        permits.acknowledged();
        assertThat(permits.tryOpen()).isTrue();
        assertThat(permits.open()).isEqualTo(257);
    }

    @Test
    void the_peers_limit_holds_in_both_profiles() {
        for (Profile profile : Profile.values()) {
            OpenPermits own = new OpenPermits();
            own.limits(2, profile);
            assertThat(own.tryOpen()).isTrue();
            assertThat(own.tryOpen()).isTrue();
            own.acknowledged();
            assertThat(own.tryOpen()).isFalse();
            own.closed();
            assertThat(own.tryOpen()).isTrue();
        }
    }

    @Test
    void an_extended_peer_may_leave_any_number_unacknowledged() {
        permits.limits(10_000, Profile.X);
        for (int i = 0; i < 10_000; i++) {
            assertThat(permits.tryOpen()).isTrue();
        }
    }
}
