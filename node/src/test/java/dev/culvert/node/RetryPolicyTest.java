package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.NodeBuilder;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A policy of the program's own decides when a link is tried again, whatever it does. */
@Timeout(60)
final class RetryPolicyTest {
    private final List<String> told = new CopyOnWriteArrayList<>();

    private final class Told implements NodeHooks {
        @Override
        public void onLinkRetry(String relay, ErrorCode code, String reason, Duration delay) {
            told.add("retry " + delay.toMillis());
        }

        @Override
        public void onLinkEnded(String relay, ErrorCode code, String reason) {
            told.add("ended " + code);
        }

        @Override
        public void onHookFailed(String where, Throwable cause) {
            told.add("failed " + where + " " + cause.getMessage());
        }
    }

    /** A node whose relay is gone. */
    private NodeBuilder alone() throws IOException {
        try (Node hub = Node.builder().name("hub").listen("127.0.0.1:0").start()) {
            return Node.builder()
                    .name("edge7")
                    .join(hub.invite())
                    .hooks(new Told())
                    .retry(Duration.ZERO, Duration.ofMillis(1), -1);
        }
    }

    @Test
    void decides_each_wait_and_gives_up() throws Exception {
        List<RetryPolicy.Failure> asked = new CopyOnWriteArrayList<>();
        try (Node node = alone().retryPolicy(failure -> {
                    asked.add(failure);
                    return failure.inARow() < 4
                            ? Optional.of(Duration.ofMillis(10L * failure.inARow()))
                            : Optional.empty();
                })
                .start()) {
            await().atMost(Net.PATIENCE).until(() -> told.contains("ended NO_ROUTE"));
            assertThat(told).containsExactly("retry 10", "retry 20", "retry 30", "ended NO_ROUTE");
            assertThat(asked).extracting(RetryPolicy.Failure::inARow).containsExactly(1, 2, 3, 4);
            assertThat(asked.get(0).relay()).startsWith("tls://127.0.0.1:");
            assertThat(asked.get(0).proposed()).isLessThanOrEqualTo(Duration.ofMillis(1));
            assertThat(node.sessions()).isEmpty();
        }
    }

    @Test
    void one_that_throws_or_answers_nonsense_is_told_and_does_no_harm() throws Exception {
        try (Node node = alone().retryPolicy(failure -> switch (failure.inARow()) {
                    case 1 -> throw new IllegalStateException("on purpose");
                    case 2 -> Optional.of(Duration.ofMillis(-1));
                    default -> Optional.empty();
                })
                .start()) {
            await().atMost(Net.PATIENCE).until(() -> told.contains("ended NO_ROUTE"));
            assertThat(told)
                    .contains("failed retry policy on purpose")
                    .anyMatch(line -> line.startsWith("failed retry policy delay: PT-0.001S"))
                    .filteredOn(line -> line.startsWith("retry "))
                    .hasSize(2);
            assertThat(node.name()).isEqualTo("edge7");
        }
    }

    @Test
    void one_that_does_not_return_holds_up_no_close() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Node node = alone().retryPolicy(failure -> {
                    asked.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Optional.of(Duration.ZERO);
                })
                .start();
        asked.await();
        node.close();
        never.countDown();
        assertThat(told).isEmpty();
    }
}
