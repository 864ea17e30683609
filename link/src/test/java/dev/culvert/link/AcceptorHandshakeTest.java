package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.AcceptorHandshake.Action;
import dev.culvert.link.AcceptorHandshake.State;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.link.proto.Unregister;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state of the relay's half of the handshake against every event. [LINK-10] [LINK-12] */
class AcceptorHandshakeTest {
    private static final Control HELLO =
            Control.newBuilder().setHello(SignedHello.getDefaultInstance()).build();
    private static final Control OTHER =
            Control.newBuilder().setUnregister(Unregister.newBuilder().setId(1)).build();
    private static final Refusal NO = Refusals.of(ErrorCode.DENIED, "no");
    private static final Proof PROVED = new Proof.Proved(
            Hello.getDefaultInstance(),
            new byte[32],
            Principal.ANONYMOUS,
            new Scope("default", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false),
            Long.MAX_VALUE);

    private enum Event {
        HELLO_COMES,
        OTHER_COMES,
        PROVED,
        UNPROVED,
        ADMITTED,
        NOT_ADMITTED,
        WELCOME_SENT,
        VIOLATION,
        DEADLINE,
        LOST
    }

    private static final String MISUSE = "misuse";
    private static final String VIOLATES = "violation";

    /** As {@link TransitionTable} reads it. */
    private static final Map<State, List<String>> TABLE = Map.of(
            State.AWAITING,
            List.of(
                    "Prove>PROVING",
                    VIOLATES,
                    MISUSE,
                    MISUSE,
                    MISUSE,
                    MISUSE,
                    MISUSE,
                    "Refuse>OVER",
                    "Refuse>OVER",
                    "Nothing>OVER"),
            State.PROVING,
            List.of(
                    VIOLATES,
                    VIOLATES,
                    "Admit>ADMITTING",
                    "Refuse>OVER",
                    MISUSE,
                    MISUSE,
                    MISUSE,
                    "Refuse>OVER",
                    "Refuse>OVER",
                    "Nothing>OVER"),
            State.ADMITTING,
            List.of(
                    VIOLATES,
                    VIOLATES,
                    MISUSE,
                    MISUSE,
                    "Welcome>WELCOMING",
                    "Refuse>OVER",
                    MISUSE,
                    "Refuse>ABANDONED",
                    "Refuse>ABANDONED",
                    "Nothing>ABANDONED"),
            State.ABANDONED,
            List.of(
                    "Nothing",
                    "Nothing",
                    MISUSE,
                    MISUSE,
                    "Down>OVER",
                    "Nothing>OVER",
                    MISUSE,
                    "Nothing",
                    "Nothing",
                    "Nothing"),
            State.WELCOMING,
            List.of(VIOLATES, VIOLATES, MISUSE, MISUSE, MISUSE, MISUSE, "Up>UP", "Cut", "Cut", "Down>OVER"),
            State.UP,
            List.of("Deliver", "Deliver", MISUSE, MISUSE, MISUSE, MISUSE, MISUSE, "Cut", "Nothing", "Down>OVER"),
            State.OVER,
            List.of(
                    "Nothing", "Nothing", "Nothing", "Nothing", MISUSE, MISUSE, "Nothing", "Nothing", "Nothing",
                    "Nothing"));

    @ParameterizedTest
    @EnumSource(State.class)
    void follows_the_table_for_every_event(State state) {
        new TransitionTable<>(
                        TABLE, AcceptorHandshakeTest::in, AcceptorHandshakeTest::outcome, AcceptorHandshake::state)
                .check(state, Event.values());
    }

    @Test
    void the_tables_actions_are_all_that_there_are() {
        Set<String> named = new TreeSet<>();
        TABLE.values().forEach(row -> row.forEach(one -> named.add(one.replaceAll(">.*", ""))));
        named.removeAll(Set.of(MISUSE, VIOLATES));
        Set<String> all = new TreeSet<>();
        for (Class<?> action : Action.class.getPermittedSubclasses()) {
            all.add(action.getSimpleName());
        }
        assertThat(named).isEqualTo(all);
    }

    @Test
    void a_deadline_says_what_was_waited_for() {
        assertThat(refusal(in(State.AWAITING).onDeadline(7)).getText())
                .isEqualTo("no Hello within 7 ms (expected: Hello first)");
        assertThat(refusal(in(State.PROVING).onDeadline(7)).getRetryHelps()).isTrue();
    }

    @Test
    void a_first_message_that_is_no_hello_is_named() {
        assertThatThrownBy(() -> in(State.AWAITING).onControl(Control.getDefaultInstance()))
                .hasMessage("MESSAGE_NOT_SET as the first message (expected: HELLO)");
    }

    private static Refusal refusal(Action action) {
        return ((AcceptorHandshake.Refuse) action).refusal();
    }

    private static AcceptorHandshake in(State state) {
        AcceptorHandshake handshake = new AcceptorHandshake();
        List<Event> way = switch (state) {
            case AWAITING -> List.of();
            case PROVING -> List.of(Event.HELLO_COMES);
            case ADMITTING -> List.of(Event.HELLO_COMES, Event.PROVED);
            case ABANDONED -> List.of(Event.HELLO_COMES, Event.PROVED, Event.LOST);
            case WELCOMING -> List.of(Event.HELLO_COMES, Event.PROVED, Event.ADMITTED);
            case UP -> List.of(Event.HELLO_COMES, Event.PROVED, Event.ADMITTED, Event.WELCOME_SENT);
            case OVER -> List.of(Event.LOST);
        };
        way.forEach(event -> outcome(handshake, event));
        assertThat(handshake.state()).isEqualTo(state);
        return handshake;
    }

    private static String outcome(AcceptorHandshake handshake, Event event) {
        try {
            return apply(handshake, event).getClass().getSimpleName();
        } catch (IllegalStateException e) {
            return MISUSE;
        } catch (ProtocolViolation e) {
            return VIOLATES;
        }
    }

    private static Action apply(AcceptorHandshake handshake, Event event) throws ProtocolViolation {
        return switch (event) {
            case HELLO_COMES -> handshake.onControl(HELLO);
            case OTHER_COMES -> handshake.onControl(OTHER);
            case PROVED -> handshake.onProof(PROVED);
            case UNPROVED -> handshake.onProof(new Proof.Unproved(NO));
            case ADMITTED -> handshake.onAdmitted();
            case NOT_ADMITTED -> handshake.onNotAdmitted(NO);
            case WELCOME_SENT -> handshake.onWelcomeSent();
            case VIOLATION -> handshake.onViolation(ErrorCode.PROTOCOL, "wrong");
            case DEADLINE -> handshake.onDeadline(1_000);
            case LOST -> handshake.onLost();
        };
    }
}
