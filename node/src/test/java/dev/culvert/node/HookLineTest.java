package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hooks of one session or link. */
final class HookLineTest {
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Object> ran = new ArrayList<>();
    private boolean full;
    private final HookLine line = new HookLine(this::begin, later::add, failures::add);

    private void begin(Runnable task) {
        if (full) {
            throw new RejectedExecutionException();
        }
        threads.add(task);
    }

    @Test
    void hooks_run_in_order_on_one_thread_and_not_on_the_callers() {
        line.add(() -> ran.add(1));
        line.add(() -> ran.add(2));
        assertThat(ran).isEmpty();
        assertThat(threads).hasSize(1);

        threads.remove().run();
        assertThat(ran).containsExactly(1, 2);

        line.add(() -> ran.add(3));
        threads.remove().run();
        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void what_a_hook_adds_runs_after_it() {
        line.add(() -> {
            line.add(() -> ran.add(2));
            ran.add(1);
        });
        threads.remove().run();
        assertThat(ran).containsExactly(1, 2);
        assertThat(threads).isEmpty();
    }

    @Test
    void a_hook_that_throws_is_told_and_the_next_one_runs() {
        IllegalStateException broken = new IllegalStateException("on purpose");
        line.add(() -> {
            throw broken;
        });
        line.add(() -> ran.add(2));
        threads.remove().run();
        assertThat(failures).containsExactly(broken);
        assertThat(ran).containsExactly(2);
    }

    @Test
    void without_a_free_thread_it_tries_again_later() {
        full = true;
        line.add(() -> ran.add(1));
        assertThat(later).hasSize(1);
        later.remove().run();
        full = false;
        later.remove().run();
        threads.remove().run();
        assertThat(ran).containsExactly(1);
    }

    @Test
    void behind_a_hook_that_does_not_return_only_so_many_wait() {
        IntStream.range(0, HookLine.MAX_WAITING + 10).forEach(i -> line.add(() -> ran.add(i)));
        threads.remove().run();
        assertThat(ran).hasSize(HookLine.MAX_WAITING);
        line.add(() -> ran.add("again"));
        threads.remove().run();
        assertThat(ran).last().isEqualTo("again");
    }
}
