package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a node bounds if nobody says otherwise. */
class NodeLimitsTest {
    @Test
    void peers_take_no_more_memory_than_a_small_process_has() {
        assertThat(NodeLimits.memoryFor(64L << 20)).isEqualTo(32L << 20);
        assertThat(NodeLimits.memoryFor(8L << 30)).isEqualTo(512L << 20);
        assertThat(NodeLimits.DEFAULT.memoryBytes())
                .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory());
    }
}
