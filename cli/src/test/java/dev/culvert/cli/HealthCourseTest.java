package dev.culvert.cli;

import static dev.culvert.cli.HealthCourse.Step.GIVE_UP;
import static dev.culvert.cli.HealthCourse.Step.PUBLISH;
import static dev.culvert.cli.HealthCourse.Step.STAY;
import static dev.culvert.cli.HealthCourse.Step.WITHDRAW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HealthCourseTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration RECHECK = Duration.ofSeconds(5);

    private final HealthCourse course = new HealthCourse(RETRY, RECHECK, Duration.ofSeconds(20), 0);

    @Test
    void is_published_while_it_is_well_and_checked_less_often_then() {
        assertThat(course.on(false, 0)).isEqualTo(STAY);
        assertThat(course.pause()).isEqualTo(RETRY);
        assertThat(course.on(true, SECOND)).isEqualTo(PUBLISH);
        assertThat(course.pause()).isEqualTo(RECHECK);
        assertThat(course.on(true, 6 * SECOND)).isEqualTo(STAY);
        assertThat(course.on(false, 11 * SECOND)).isEqualTo(WITHDRAW);
        assertThat(course.pause()).isEqualTo(RETRY);
        assertThat(course.on(false, 12 * SECOND)).isEqualTo(STAY);
        assertThat(course.on(true, 13 * SECOND)).isEqualTo(PUBLISH);
    }

    @Test
    void is_given_up_only_if_it_was_never_well() {
        assertThat(course.on(false, 20 * SECOND - 1)).isEqualTo(STAY);
        assertThat(course.on(false, 20 * SECOND)).isEqualTo(GIVE_UP);
        assertThat(course.on(true, 21 * SECOND)).isEqualTo(PUBLISH);
        assertThat(course.on(false, 22 * SECOND)).isEqualTo(WITHDRAW);
        assertThat(course.on(false, 99 * SECOND)).isEqualTo(STAY);
    }

    @Test
    void what_could_not_be_published_is_tried_again() {
        assertThat(course.on(true, 0)).isEqualTo(PUBLISH);
        course.notPublished();
        assertThat(course.pause()).isEqualTo(RETRY);
        assertThat(course.on(true, SECOND)).isEqualTo(PUBLISH);
    }
}
