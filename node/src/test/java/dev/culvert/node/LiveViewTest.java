package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Change;
import dev.culvert.api.Changes;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one writes and others read: nobody waits for a reader, and each ends up right. */
@Timeout(60)
final class LiveViewTest {
    private static final Duration NOW = Duration.ZERO;

    private final AtomicInteger closes = new AtomicInteger();
    private final LiveView<String, Integer> view = new LiveView<>(Comparator.naturalOrder(), new LiveView.Owner() {
        @Override
        public void requireThreadThatMayWait() {
            // every thread of a test may
        }

        @Override
        public boolean awaitComplete(Duration timeout) {
            return true;
        }

        @Override
        public void onClose() {
            closes.incrementAndGet();
        }
    });

    @Test
    void a_reader_is_told_what_is_there_and_then_what_changes_in_order() throws Exception {
        view.put("b", 2);
        view.put("a", 1);
        Changes<String, Integer> changes = view.changes();
        assertThat(changes.next()).isEqualTo(new Change<>("a", null, 1));
        assertThat(changes.next()).isEqualTo(new Change<>("b", null, 2));
        assertThat(changes.poll(NOW)).isNull();
        view.put("c", 3);
        view.put("a", 4);
        view.put("b", null);
        assertThat(changes.hasNext()).isTrue();
        assertThat(changes.next()).isEqualTo(new Change<>("c", null, 3));
        assertThat(changes.next()).isEqualTo(new Change<>("a", 1, 4));
        Change<String, Integer> gone = changes.next();
        assertThat(gone).isEqualTo(new Change<>("b", 2, null));
        assertThat(gone.isGone() && !gone.isNew()).isTrue();
        assertThat(view.map()).containsExactly(Map.entry("a", 4), Map.entry("c", 3));
    }

    @Test
    void a_slow_reader_is_told_how_things_stand_and_costs_a_note_for_each_key() throws Exception {
        Changes<String, Integer> slow = view.changes();
        for (int i = 0; i < 100_000; i++) {
            view.put("web", i);
            view.put("flicker", i);
            view.put("flicker", null);
        }
        view.put("last", 1);
        assertThat(slow.next()).isEqualTo(new Change<>("web", null, 99_999));
        assertThat(slow.next()).isEqualTo(new Change<>("last", null, 1));
        assertThat(slow.poll(NOW)).isNull();
        view.put("web", 7);
        view.put("web", 99_999);
        assertThat(slow.poll(NOW)).isNull();
    }

    @Test
    void every_reader_ends_up_with_what_is_there_however_fast_the_writer() throws Exception {
        Changes<String, Integer> changes = view.changes();
        CompletableFuture<Map<String, Integer>> read = CompletableFuture.supplyAsync(
                () -> {
                    Map<String, Integer> seen = new HashMap<>();
                    while (!seen.containsKey("end")) {
                        Change<String, Integer> change = changes.next();
                        assertThat(seen.get(change.key())).isEqualTo(change.before());
                        if (change.now() == null) {
                            seen.remove(change.key());
                        } else {
                            seen.put(change.key(), change.now());
                        }
                    }
                    return seen;
                },
                Net.THREADS);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200_000; i++) {
            view.put("k" + random.nextInt(20), random.nextInt(3) == 0 ? null : i);
        }
        view.put("end", 0);
        assertThat(read.get()).isEqualTo(view.map());
    }

    @Test
    void closing_either_ends_who_waits() throws Exception {
        Changes<String, Integer> one = view.changes();
        Changes<String, Integer> two = view.changes();
        CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(one::hasNext, Net.THREADS);
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(two::hasNext, Net.THREADS);
        one.close();
        assertThat(first.get()).isFalse();
        view.put("a", 1);
        assertThat(second.get()).isTrue();
        assertThat(view.map()).hasSize(1);
        view.close();
        view.close();
        assertThat(closes).hasValue(1);
        assertThat(two.hasNext()).isFalse();
        assertThatThrownBy(two::next).isInstanceOf(NoSuchElementException.class);
        assertThat(view.map()).isEmpty();
        view.put("late", 1);
        assertThat(view.map()).isEmpty();
        assertThat(view.changes().hasNext()).isFalse();
        assertThatThrownBy(() -> view.map().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void an_interrupt_ends_the_wait_and_nothing_else() throws Exception {
        Changes<String, Integer> changes = view.changes();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                changes.next();
            } catch (UncheckedIOException e) {
                failure.complete(e.getCause());
            }
        });
        reader.start();
        await().atMost(Net.PATIENCE).until(() -> reader.getState() == Thread.State.TIMED_WAITING);
        reader.interrupt();
        assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
        view.put("a", 1);
        assertThat(changes.poll(NOW)).isEqualTo(new Change<>("a", null, 1));
    }
}
