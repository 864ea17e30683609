package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whose turn it is to get a place for its handshake. [LINK-7] */
class FairLineTest {
    private final FairLine<String> line = new FairLine<>();

    @Test
    void one_source_is_served_in_order() {
        add("a", "a1", "a2", "a3");
        assertThat(order()).isEqualTo("a1 a2 a3");
    }

    @Test
    void a_source_that_sends_thousands_delays_another_by_one_turn() {
        for (int i = 0; i < 4_000; i++) {
            line.add("flood", "f" + i);
        }
        line.next();
        add("agent", "agent");
        assertThat(line.next()).isEqualTo("f1");
        assertThat(line.next()).isEqualTo("agent");
    }

    @Test
    void sources_take_turns() {
        add("a", "a1", "a2", "a3");
        add("b", "b1");
        add(null, "local1", "local2");
        assertThat(order()).isEqualTo("a1 b1 local1 a2 local2 a3");
    }

    @Test
    void who_has_gone_is_skipped_and_leaves_nothing_behind() {
        add("a", "a1", "a2");
        add("b", "b1");
        line.remove("a", "a1");
        line.remove("b", "b1");
        line.remove("b", "b1");
        line.remove("c", "never there");
        assertThat(order()).isEqualTo("a2");
        assertThat(line.isEmpty()).isTrue();
    }

    private void add(String source, String... waiting) {
        for (String one : waiting) {
            line.add(source, one);
        }
    }

    private String order() {
        StringBuilder order = new StringBuilder();
        for (String next = line.next(); next != null; next = line.next()) {
            order.append(order.isEmpty() ? "" : " ").append(next);
        }
        return order.toString();
    }
}
