package dev.culvert.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a selection says on the wire. [OPEN-14] */
final class SelectionTest {
    @Test
    void each_is_read_from_what_it_writes() {
        for (Selection selection : List.of(
                Selection.LEAST_IN_FLIGHT, Selection.ROUND_ROBIN, Selection.NEAREST, Selection.sticky("user:7"))) {
            assertThat(Selection.of(Map.of(Selection.HEADER, selection.headerValue())))
                    .isEqualTo(selection);
        }
    }

    @Test
    void what_is_not_understood_is_the_default() {
        for (String value : List.of("", "fastest", "key:", "key:" + "x".repeat(Selection.MAX_KEY + 1))) {
            assertThat(Selection.of(Map.of(Selection.HEADER, value))).isEqualTo(Selection.LEAST_IN_FLIGHT);
        }
        assertThat(Selection.of(Map.of())).isEqualTo(Selection.LEAST_IN_FLIGHT);
    }

    @Test
    void a_key_belongs_to_sticky_and_is_bounded() {
        assertThatThrownBy(() -> Selection.sticky("")).hasMessageContaining("key");
        assertThatThrownBy(() -> new Selection(Selection.Rule.NEAREST, "x")).hasMessageContaining("STICKY only");
        assertThatThrownBy(() -> Selection.sticky("x".repeat(257))).hasMessageContaining("at most 256");
    }
}
