package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.LinkCourse.Move;
import dev.culvert.link.LinkCourse.State;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state of a link against every event. [LINK-22] [LINK-24] */
class LinkCourseTest {
    private static final Failure LOST = Failure.passing(ErrorCode.LINK_LOST, "reset by peer");
    private static final Failure DENIED =
            new Failure(ErrorCode.DENIED, "not here", Failure.Cure.PERSON, BackOff.Hint.NONE);
    private static final Failure IMPOSTOR = Failure.impostor("another key");

    private enum Event {
        FAILED,
        REFUSED,
        CLOCK_OFF,
        UP,
        DOWN,
        REVOKED,
        MOVE,
        TIMER,
        CLOSE
    }

    private static final Map<State, List<String>> TABLE = Map.of(
            State.CONNECTING,
            List.of(
                    "Wait>WAITING",
                    "Stop>OVER",
                    "Connect",
                    "none>RESTING",
                    "Nothing",
                    "Nothing",
                    "Nothing",
                    "misuse",
                    "none>OVER"),
            State.RESTING,
            List.of(
                    "misuse",
                    "misuse",
                    "misuse",
                    "misuse",
                    "Wait>WAITING",
                    "Stop>OVER",
                    "Wait>WAITING",
                    "misuse",
                    "none>OVER"),
            State.WAITING,
            List.of(
                    "misuse",
                    "misuse",
                    "misuse",
                    "misuse",
                    "Nothing",
                    "Nothing",
                    "Nothing",
                    "Connect>CONNECTING",
                    "none>OVER"),
            State.OVER,
            List.of("Nothing", "Nothing", "Nothing", "none", "Nothing", "Nothing", "Nothing", "Nothing", "none"));

    private final BackOff backOff = new BackOff(LinkTiming.DEFAULT, new Random(5));
    private final LinkCourse course = new LinkCourse(backOff);

    @ParameterizedTest
    @EnumSource(State.class)
    void follows_the_table_for_every_event(State state) {
        new TransitionTable<>(TABLE, LinkCourseTest::in, LinkCourseTest::outcome, LinkCourse::state)
                .check(state, Event.values());
    }

    @Test
    void a_corrected_clock_gets_one_attempt_at_once_and_no_second() {
        assertThat(course.onClockOff(LOST)).isInstanceOf(LinkCourse.Connect.class);
        assertThat(course.onClockOff(LOST)).isInstanceOf(LinkCourse.Wait.class);
        course.onTimer();
        assertThat(course.onClockOff(LOST)).isInstanceOf(LinkCourse.Connect.class);
    }

    @Test
    void an_impostor_stops_a_link_that_was_never_up_and_not_one_that_was() {
        assertThat(new LinkCourse(backOff).onFailed(IMPOSTOR)).isInstanceOf(LinkCourse.Stop.class);
        course.onUp();
        course.onDown(LOST, 0);
        course.onTimer();
        assertThat(course.onFailed(IMPOSTOR)).isInstanceOf(LinkCourse.Wait.class);
    }

    @Test
    void moves_at_a_moment_within_the_spread() {
        for (int i = 0; i < 100; i++) {
            LinkCourse one = in(State.RESTING);
            assertThat(((LinkCourse.Wait) one.onMove(40)).millis()).isBetween(0L, 40L);
        }
        assertThat(((LinkCourse.Wait) in(State.RESTING).onMove(0)).millis()).isZero();
    }

    @Test
    void a_link_is_given_up_after_the_last_retry_that_was_wanted() {
        LinkTiming once = LinkTiming.DEFAULT.withRetries(0, 1_000, 1);
        LinkCourse course = new LinkCourse(new BackOff(once, new java.util.Random(3)));
        assertThat(course.onFailed(LOST)).isInstanceOf(LinkCourse.Wait.class);
        course.onTimer();

        LinkCourse.Move move = course.onFailed(LOST);

        assertThat(move)
                .isInstanceOfSatisfying(
                        LinkCourse.Stop.class,
                        stop -> assertThat(stop.failure().reason()).isEqualTo("reset by peer (no retries are left)"));
        assertThat(course.state()).isEqualTo(State.OVER);
    }

    @Test
    void the_end_of_a_session_that_is_being_replaced_changes_nothing() {
        course.onUp();
        course.onMove(0);
        course.onTimer();
        assertThat(course.onDown(LOST, 1)).isInstanceOf(LinkCourse.Nothing.class);
        assertThat(course.state()).isEqualTo(State.CONNECTING);
    }

    private static LinkCourse in(State state) {
        LinkCourse course = new LinkCourse(new BackOff(LinkTiming.DEFAULT, new Random(1)));
        switch (state) {
            case CONNECTING -> {}
            case RESTING -> course.onUp();
            case WAITING -> course.onFailed(LOST);
            case OVER -> course.onClose();
        }
        assertThat(course.state()).isEqualTo(state);
        return course;
    }

    private static String outcome(LinkCourse course, Event event) {
        try {
            Move move = apply(course, event);
            return move == null ? "none" : move.getClass().getSimpleName();
        } catch (IllegalStateException e) {
            return "misuse";
        }
    }

    private static Move apply(LinkCourse course, Event event) {
        return switch (event) {
            case FAILED -> course.onFailed(LOST);
            case REFUSED -> course.onFailed(DENIED);
            case CLOCK_OFF -> course.onClockOff(LOST);
            case UP -> {
                course.onUp();
                yield null;
            }
            case DOWN -> course.onDown(LOST, 0);
            case REVOKED -> course.onDown(DENIED, 0);
            case MOVE -> course.onMove(10);
            case TIMER -> course.onTimer();
            case CLOSE -> {
                course.onClose();
                yield null;
            }
        };
    }
}
