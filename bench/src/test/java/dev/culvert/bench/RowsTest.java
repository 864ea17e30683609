package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RowsTest {
    private static final List<String> JAVA = List.of("java");

    @Test
    void every_goal_names_contestants_that_run_in_its_row() {
        for (Row row : Rows.all(Settings.parse(new String[] {"--slow", "ip netns exec slow"}, JAVA))) {
            List<String> names =
                    row.contestants().stream().map(Contestant::name).toList();
            assertThat(names).doesNotHaveDuplicates();
            for (Goal goal : row.goals()) {
                assertThat(names).contains(goal.figure().contestant());
                if (goal.over() != null) {
                    assertThat(names).contains(goal.over().contestant());
                }
            }
        }
    }

    @Test
    void a_row_is_wanted_by_the_beginning_of_its_name() {
        Settings settings = Settings.parse(new String[] {"bulk", "rate-1"}, JAVA);
        assertThat(Rows.all(settings).stream().filter(settings::wants).map(Row::key))
                .containsExactly("bulk-1", "bulk-8", "rate-1");
    }

    @Test
    void the_slow_row_needs_a_slow_link() {
        assertThat(Rows.all(Settings.parse(new String[0], JAVA)).stream().map(Row::key))
                .contains("ping-idle")
                .doesNotContain("ping-bulk");
    }

    @Test
    void idle_streams_count_only_if_the_peer_reports_all_of_them_open() {
        Row row = row("idle-streams");
        Map<String, Double> figures = idle(19_999);
        assertThatThrownBy(() -> row.derive().apply(figures))
                .isInstanceOf(TrialFailed.class)
                .hasMessageContaining("expected: 20000 open at once");
        assertThat(row.derive().apply(idle(20_000)))
                .containsEntry("clientHeap", 50.0)
                .containsEntry("serverHeap", 100.0)
                .containsEntry("heap", 100.0)
                .containsEntry("resident", 1024.0);
    }

    @Test
    void an_unknown_option_is_refused() {
        assertThatThrownBy(() -> Settings.parse(new String[] {"--fats"}, JAVA))
                .hasMessageContaining("--fats")
                .hasMessageContaining("--quick");
    }

    private static Row row(String key) {
        return Rows.all(Settings.parse(new String[] {"--quick"}, JAVA)).stream()
                .filter(row -> row.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Double> idle(double streams) {
        Map<String, Double> figures = new HashMap<>();
        figures.put("open.server0.streams", streams);
        for (String phase : List.of("base", "open", "closed")) {
            boolean open = phase.equals("open");
            figures.put(phase + ".client.heap", open ? 2_000_000.0 : 1_000_000.0);
            figures.put(phase + ".server0.heap", open ? 3_000_000.0 : 1_000_000.0);
            figures.put(phase + ".client.residentKiB", open ? 30_000.0 : 10_000.0);
            figures.put(phase + ".server0.residentKiB", open ? 20_000.0 : 10_000.0);
        }
        return figures;
    }
}
