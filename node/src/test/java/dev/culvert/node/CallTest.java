package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.StreamOpen;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each hop checks and changes. [OPEN-4] to [OPEN-9] */
final class CallTest {
    private static final Scope SCOPE =
            new Scope("default", NamePatterns.ALL, new NamePatterns(List.of("web", ":80")), PortRange.NONE, false);
    private static final long MILLI = 1_000_000;

    @Test
    void a_leaf_speaks_for_itself_only() {
        StreamOpen open = StreamOpen.newBuilder()
                .setService("web")
                .setPrincipal("key:boss")
                .addPath("relay9")
                .build();

        Call leaf = Call.received(open, SCOPE, Peer.Trust.LEAF, "key:me", 0);
        Call relay = Call.received(open, SCOPE, Peer.Trust.RELAY, "key:relay", 0);
        Call self = Call.received(open, SCOPE, Peer.Trust.SELF, "key:self", 0);

        assertThat(leaf.open().getPrincipal()).isEqualTo("key:me");
        assertThat(leaf.open().getPathList()).isEmpty();
        assertThat(relay.open().getPrincipal()).isEqualTo("key:boss");
        assertThat(relay.open().getPathList()).containsExactly("relay9");
        assertThat(self.open().getPrincipal()).as("whom this node dials for").isEqualTo("key:boss");
    }

    @Test
    void an_empty_namespace_is_the_sessions_own_and_another_is_denied() {
        assertThat(received(StreamOpen.newBuilder().setService("web")).key().namespace())
                .isEqualTo("default");
        assertThat(fault(StreamOpen.newBuilder().setService("web").setNamespace("prod")))
                .isEqualTo(ErrorCode.DENIED);
    }

    @Test
    void permission_is_asked_for_each_name_and_port() {
        assertThat(fault(StreamOpen.newBuilder().setService("web"))).isEqualTo(ErrorCode.OK);
        assertThat(fault(StreamOpen.newBuilder().setService("ssh"))).isEqualTo(ErrorCode.DENIED);
        assertThat(fault(StreamOpen.newBuilder().setPort(80))).isEqualTo(ErrorCode.OK);
        assertThat(fault(StreamOpen.newBuilder().setPort(81))).isEqualTo(ErrorCode.DENIED);
        assertThat(fault(StreamOpen.newBuilder().setService("$status"))).isEqualTo(ErrorCode.OK);
    }

    @Test
    void a_target_is_a_service_or_a_port() {
        assertThat(fault(StreamOpen.newBuilder())).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(fault(StreamOpen.newBuilder().setService("web").setPort(80))).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void a_path_that_holds_this_node_is_a_loop() {
        Call call = Call.received(
                StreamOpen.newBuilder().setService("web").addPath("here").build(), SCOPE, Peer.Trust.RELAY, "", 0);

        assertThat(call.loop("here")).hasValueSatisfying(refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.LOOP);
            assertThat(refused.hop()).isEqualTo("here");
            assertThat(refused.notDelivered()).isTrue();
        });
    }

    @Test
    void time_spent_here_is_taken_off_and_none_left_is_refused() {
        Call call = received(StreamOpen.newBuilder().setService("web").setDeadlineMillis(100));

        assertThat(call.onward("here", 30 * MILLI, true).getDeadlineMillis()).isEqualTo(70);
        assertThat(call.fault(SCOPE, "here", 99 * MILLI)).isEmpty();
        assertThat(call.fault(SCOPE, "here", 100 * MILLI))
                .hasValueSatisfying(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DEADLINE));
    }

    @Test
    void a_call_of_ones_own_goes_out_as_it_is_unless_it_has_waited() {
        Call call = received(StreamOpen.newBuilder().setService("web").setDeadlineMillis(100));

        assertThat(call.onward("here", MILLI - 1, false)).isSameAs(call.open());
        assertThat(call.onward("here", 3 * MILLI, false).getDeadlineMillis()).isEqualTo(97);
    }

    @Test
    void no_deadline_stays_none() {
        Call call = received(StreamOpen.newBuilder().setService("web"));

        assertThat(call.onward("here", Long.MAX_VALUE / 2, true).getDeadlineMillis())
                .isZero();
        assertThat(call.fault(SCOPE, "here", Long.MAX_VALUE / 2)).isEmpty();
    }

    @Test
    void each_relay_takes_a_hop_and_signs_the_path() {
        Call call = received(StreamOpen.newBuilder().setService("web"));

        StreamOpen next = call.onward("relay1", 0, true);
        assertThat(next.getHopsLeft()).isEqualTo(7);
        assertThat(next.getPathList()).containsExactly("relay1");
        assertThat(call.onward("relay1", 0, false)).isEqualTo(call.open());
        assertThat(received(StreamOpen.newBuilder().setService("web").setHopsLeft(1))
                        .loop("here"))
                .isPresent();
        assertThat(received(StreamOpen.newBuilder().setService("web").setHopsLeft(2))
                        .loop("here"))
                .isEmpty();
    }

    private static Call received(StreamOpen.Builder open) {
        return Call.received(open.build(), SCOPE, Peer.Trust.LEAF, "key:me", 0);
    }

    private static ErrorCode fault(StreamOpen.Builder open) {
        return received(open).fault(SCOPE, "here", 0).map(Refused::code).orElse(ErrorCode.OK);
    }
}
