package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JobControlTest {
    @Test
    void a_process_whose_group_has_the_terminal_is_in_the_foreground() {
        assertThat(JobControl.inForeground("4711 (java) S 1 4711 4700 34816 4711 4194304"))
                .isTrue();
    }

    @Test
    void a_process_behind_a_prompt_is_not() {
        assertThat(JobControl.inForeground("4711 (java) S 1 4711 4700 34816 4700 4194304"))
                .isFalse();
    }

    @Test
    void a_name_with_parentheses_and_spaces_changes_nothing() {
        assertThat(JobControl.inForeground("4711 (a) b (c) S 1 4711 4700 34816 4700 4194304"))
                .isFalse();
    }

    @Test
    void without_a_terminal_there_is_no_prompt_to_disturb() {
        assertThat(JobControl.inForeground("4711 (java) S 1 4711 4700 0 -1 4194304"))
                .isTrue();
    }
}
