package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state with every event, against the table in {@link StreamState}'s javadoc. */
class StreamStateTest {
    private static final Map<String, UnaryOperator<StreamState>> EVENTS = Map.of(
            "permitted", StreamState::permitted,
            "syn", StreamState::synSent,
            "fin", StreamState::finSent,
            "peerFin", StreamState::peerFinished,
            "aborted", StreamState::aborted);

    /** What the table says; what is missing must be refused. */
    private static final Map<String, StreamState> NEXT = Map.ofEntries(
            Map.entry("WAITING permitted", StreamState.OPENING),
            Map.entry("WAITING aborted", StreamState.CLOSED),
            Map.entry("OPENING syn", StreamState.OPEN),
            Map.entry("OPENING aborted", StreamState.CLOSED),
            Map.entry("OPEN fin", StreamState.FINISHED),
            Map.entry("OPEN peerFin", StreamState.PEER_FINISHED),
            Map.entry("OPEN aborted", StreamState.CLOSED),
            Map.entry("FINISHED peerFin", StreamState.CLOSED),
            Map.entry("FINISHED aborted", StreamState.CLOSED),
            Map.entry("PEER_FINISHED fin", StreamState.CLOSED),
            Map.entry("PEER_FINISHED aborted", StreamState.CLOSED),
            Map.entry("CLOSED aborted", StreamState.CLOSED));

    static Stream<Arguments> every_state_with_every_event() {
        return Stream.of(StreamState.values())
                .flatMap(state -> EVENTS.keySet().stream().map(event -> Arguments.of(state, event)));
    }

    @ParameterizedTest
    @MethodSource
    void every_state_with_every_event(StreamState state, String event) {
        UnaryOperator<StreamState> transition = EVENTS.get(event);
        @Nullable StreamState next = NEXT.get(state + " " + event);
        if (next == null) {
            assertThatThrownBy(() -> transition.apply(state)).isInstanceOf(IllegalStateException.class);
        } else {
            assertThat(transition.apply(state)).isEqualTo(next);
        }
    }

    @ParameterizedTest
    @MethodSource("every_state_with_every_event")
    void says_beforehand_what_it_permits(StreamState state, String event) {
        boolean permitted = NEXT.containsKey(state + " " + event);
        switch (event) {
            case "fin" -> assertThat(state.maySend()).isEqualTo(permitted);
            case "peerFin" -> assertThat(state.mayReceive()).isEqualTo(permitted);
            default ->
                assertThat(state.isUnborn()).isEqualTo(state == StreamState.WAITING || state == StreamState.OPENING);
        }
    }
}
