package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.bench.Goal.Figure;
import dev.culvert.bench.Goal.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GoalTest {
    private static final Figure OURS = new Figure("ours", "speed");
    private static final Figure THEIRS = new Figure("theirs", "speed");

    @Test
    void compares_within_each_round_and_judges_the_median() {
        Goal goal = Goal.atLeast("speed", OURS, THEIRS, 1.5, 3);
        Goal.Result result = goal.judge(List.of(round(20, 10), round(100, 200), round(8, 4)));
        assertThat(result.spread()).isEqualTo(new Spread(0.5, 2, 2));
        assertThat(result.verdict()).isEqualTo(Verdict.MUST);
    }

    @Test
    void lower_can_be_better() {
        Goal goal = Goal.atMost("latency", OURS, THEIRS, 1, 0.6);
        assertThat(goal.judge(List.of(round(5, 10))).verdict()).isEqualTo(Verdict.TARGET);
        assertThat(goal.judge(List.of(round(9, 10))).verdict()).isEqualTo(Verdict.MUST);
        assertThat(goal.judge(List.of(round(11, 10))).verdict()).isEqualTo(Verdict.MISSED);
    }

    @Test
    void stands_alone_without_another_contestant() {
        Goal goal = new Goal("bytes", OURS, null, false, 160, 96);
        assertThat(goal.judge(List.of(round(100, 1))).verdict()).isEqualTo(Verdict.MUST);
    }

    @Test
    void a_round_with_a_failed_trial_makes_the_whole_row_no_run() {
        Goal goal = Goal.atLeast("speed", OURS, THEIRS, 1, 2);
        Goal.Result result = goal.judge(List.of(round(20, 10), Map.of("ours", Map.of("speed", 9.0))));
        assertThat(result.verdict()).isEqualTo(Verdict.NONE);
        assertThat(result.spread()).isNull();
    }

    private static Map<String, Map<String, Double>> round(double ours, double theirs) {
        return Map.of("ours", Map.of("speed", ours), "theirs", Map.of("speed", theirs));
    }
}
