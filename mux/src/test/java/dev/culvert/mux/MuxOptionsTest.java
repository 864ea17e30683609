package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MuxOptionsTest {
    @Test
    void says_what_was_given_and_what_is_expected() {
        assertThatThrownBy(() -> new MuxOptions(1000, 1 << 20, 1 << 20, 1 << 20, 1, 1, 65_536, 0))
                .hasMessage("initialWindow: 1000 (expected: >= 16384)");
        assertThatThrownBy(() -> new MuxOptions(32_768, 16_384, 1 << 20, 1 << 20, 1, 1, 65_536, 0))
                .hasMessage("maxWindow: 16384 (expected: >= 32768)");
        assertThatThrownBy(() -> new MuxOptions(32_768, 32_768, 1 << 20, 1 << 20, 1, 1, 65_536, -1))
                .hasMessage("keepAliveNanos: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new PeerParameters(1, 1, 1, 0, 0)).hasMessageContaining("expected");
    }
}
