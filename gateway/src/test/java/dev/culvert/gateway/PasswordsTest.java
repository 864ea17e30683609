package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.PasswordHash;
import dev.culvert.gateway.Passwords.Answer;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PasswordsTest {
    private static final PasswordHash ALICE = PasswordHash.of("alice", "secret", new Random(1), 1000);

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Answer> answers = new ArrayList<>();
    private long nowNanos;
    private boolean full;

    private final Passwords passwords = new Passwords(
            new byte[32],
            task -> {
                if (full) {
                    throw new RejectedExecutionException("full");
                }
                tasks.add(task);
            },
            () -> nowNanos);

    private static Passwords.Question question(String password, String address) {
        return new Passwords.Question(
                List.of(Map.of("alice", ALICE)), ALICE.text(), new BasicCredentials("alice", password), address);
    }

    private void ask(String password, String address) {
        passwords.ask(question(password, address), answers::add);
    }

    private void work() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void what_was_right_is_known_and_what_was_wrong_is_looked_at_again() {
        ask("secret", "a");
        ask("wrong", "a");
        work();
        assertThat(answers).containsExactly(Answer.RIGHT, Answer.WRONG);
        assertThat(passwords.isKnown(question("secret", "b"))).isTrue();
        assertThat(passwords.isKnown(question("wrong", "a"))).isFalse();
        ask("secret", "a");
        assertThat(answers).hasSize(3).last().isEqualTo(Answer.RIGHT);
        assertThat(tasks).isEmpty();
    }

    @Test
    void many_who_ask_the_same_at_once_are_one_guess() {
        for (int i = 0; i < 100; i++) {
            ask("secret", "a");
        }
        assertThat(tasks).hasSize(1);
        work();
        assertThat(answers).hasSize(100).containsOnly(Answer.RIGHT);
    }

    @Test
    void wrong_guesses_are_rationed_by_address_and_time() {
        for (int i = 0; i <= Guesses.AT_ONCE; i++) {
            ask("wrong" + i, "a");
        }
        work();
        assertThat(answers.get(0)).as("said at once").isEqualTo(Answer.TOO_OFTEN);
        assertThat(answers).filteredOn(Answer.WRONG::equals).hasSize(Guesses.AT_ONCE);
        answers.clear();
        ask("other", "b");
        nowNanos += TimeUnit.SECONDS.toNanos(Guesses.PERIOD_SECONDS);
        ask("one", "a");
        ask("two", "a");
        work();
        assertThat(answers).containsExactlyInAnyOrder(Answer.WRONG, Answer.WRONG, Answer.TOO_OFTEN);
    }

    @Test
    void a_full_queue_is_said_at_once_and_counts_for_nothing() {
        full = true;
        for (int i = 0; i < 3 * Guesses.AT_ONCE; i++) {
            ask("secret", "a");
        }
        assertThat(answers).containsOnly(Answer.BUSY);
        full = false;
        ask("secret", "a");
        work();
        assertThat(answers).last().isEqualTo(Answer.RIGHT);
    }

    @Test
    void guesses_of_any_number_of_addresses_take_bounded_room() {
        Guesses guesses = new Guesses();
        for (int i = 0; i < 20_000; i++) {
            assertThat(guesses.take("address" + i, 0)).isTrue();
        }
        assertThat(guesses.size()).isEqualTo(10_000);
    }

    @Test
    void a_hash_is_read_as_it_was_written_and_shows_nothing_by_accident() {
        PasswordHash read = PasswordHash.parse(ALICE.text());
        assertThat(read).isNotNull();
        assertThat(read.text()).isEqualTo(ALICE.text());
        assertThat(read.isOf("secret")).isTrue();
        assertThat(read.isOf("Secret")).isFalse();
        assertThat(read.isOf("")).isFalse();
        assertThat(read.toString() + new BasicCredentials("alice", "secret")).doesNotContain("secret");
        for (String bad :
                List.of("", "alice:secret", ALICE.text() + "A", ALICE.text().replace(":1000:", ":9999999:"))) {
            assertThat(PasswordHash.parse(bad)).as(bad).isNull();
        }
        assertThatThrownBy(() -> PasswordHash.of("a:b", "secret", new Random(1)))
                .hasMessageContaining("without a colon")
                .hasMessageNotContaining("secret");
    }

    @Test
    void households_are_ipv4_addresses_and_networks_of_ipv6() throws Exception {
        assertThat(ClientAddress.household(InetAddress.getByName("192.0.2.7"))).isEqualTo("c0000207");
        assertThat(ClientAddress.household(InetAddress.getByName("2001:db8:0:1::7")))
                .isEqualTo(ClientAddress.household(InetAddress.getByName("2001:db8:0:1:ffff::1")))
                .isNotEqualTo(ClientAddress.household(InetAddress.getByName("2001:db8:0:2::7")));
        assertThat(ClientAddress.parse("[::ffff:192.0.2.7]:80")).isEqualTo(InetAddress.getByName("192.0.2.7"));
        assertThat(ClientAddress.parse("unknown")).isNull();
    }
}
