package dev.culvert.link;

import static dev.culvert.link.NonceCache.Answer.FRESH;
import static dev.culvert.link.NonceCache.Answer.FULL;
import static dev.culvert.link.NonceCache.Answer.REPLAYED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.policy.Principal;
import org.junit.jupiter.api.Test;

/** No Hello counts twice. [LINK-22] */
class NonceCacheTest {
    private static final Principal ONE = new Principal("key:one");
    private static final Principal OTHER = new Principal("key:other");

    private final NonceCache cache = new NonceCache(600, 3, 5, 0);

    private static byte[] nonce(int number) {
        byte[] nonce = new byte[32];
        nonce[31] = (byte) number;
        return nonce;
    }

    @Test
    void tells_a_fresh_nonce_from_one_seen() {
        assertThat(cache.add(ONE, nonce(1), 0)).isEqualTo(FRESH);
        assertThat(cache.add(ONE, nonce(1), 1)).isEqualTo(REPLAYED);
        assertThat(cache.add(OTHER, nonce(1), 1)).isEqualTo(REPLAYED);
        assertThat(cache.add(ONE, nonce(2), 1)).isEqualTo(FRESH);
    }

    @Test
    void keeps_a_nonce_at_least_as_long_as_promised_and_forgets_it_in_the_end() {
        for (int at = 0; at < 1_200; at += 50) {
            NonceCache fresh = new NonceCache(600, 3, 5, 0);
            assertThat(fresh.add(ONE, nonce(1), at)).isEqualTo(FRESH);
            for (int later = at; later <= at + 600; later += 50) {
                assertThat(fresh.add(ONE, nonce(1), later)).isEqualTo(REPLAYED);
            }
            assertThat(fresh.add(ONE, nonce(1), at + 1_800)).isEqualTo(FRESH);
        }
    }

    @Test
    void one_principal_cannot_fill_the_others_room() {
        for (int i = 0; i < 3; i++) {
            assertThat(cache.add(ONE, nonce(i), 0)).isEqualTo(FRESH);
        }
        assertThat(cache.add(ONE, nonce(4), 0)).isEqualTo(FULL);
        assertThat(cache.add(OTHER, nonce(5), 0)).isEqualTo(FRESH);
        assertThat(cache.add(ONE, nonce(6), 600)).isEqualTo(FRESH);
    }

    @Test
    void is_bounded_in_all_and_then_refuses_instead_of_forgetting() {
        for (int i = 0; i < 5; i++) {
            assertThat(cache.add(new Principal("key:" + i), nonce(i), 0)).isEqualTo(FRESH);
        }
        assertThat(cache.add(OTHER, nonce(9), 0)).isEqualTo(FULL);
        assertThat(cache.add(ONE, nonce(0), 0)).isEqualTo(REPLAYED);
    }
}
