package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A state machine held to a table: per state, one outcome per event in their order; behind the outcome, after an arrow, the next state
 * unless it stays. <em>Immutable.</em>
 *
 * @param in a machine that has come to a state
 * @param outcome what a machine does on an event
 * @param state where a machine is
 */
record TransitionTable<M, S, E>(
        Map<S, List<String>> rows, Function<S, M> in, BiFunction<M, E, String> outcome, Function<M, S> state) {
    /** Gives each of the events to a machine in that state. */
    void check(S from, E[] events) {
        for (int i = 0; i < events.length; i++) {
            M machine = in.apply(from);
            String done = outcome.apply(machine, events[i]);
            S next = state.apply(machine);
            assertThat(next.equals(from) ? done : done + ">" + next)
                    .as("%s in %s", events[i], from)
                    .isEqualTo(rows.get(from).get(i));
        }
    }
}
