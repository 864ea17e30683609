package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxStream;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each rule of {@link SimInvariants} notices a system that breaks it: one with a bug put in by the test. */
final class SimInvariantsTest {
    private final SimHost relay = SimHost.relay("relay1");
    private final SimHost edge = SimHost.agent("edge1", List.of(relay), "web");
    private final SimHost laptop = SimHost.agent("laptop", List.of(relay));

    @Test
    void a_name_with_two_owners_is_noticed() {
        notices("owned twice", system -> {
            SimNode node = started(system);
            RouteTable table = node.parts().board().router().table();
            NameKey key = new NameKey("default", "edge1", "web", 0);
            Route route = table.find(key).get(0);
            Route stolen = new Route(Actors.member("thief", "edge1", 7, 1), route.offer(), route.sequence() + 1);
            table.publish(key, List.of(route, stolen));
            system.advance(20_000);
        });
    }

    @Test
    void a_name_that_is_kept_for_ever_is_noticed() {
        notices("kept for longer than a lease", system -> {
            SimNode node = started(system);
            node.parts().board().router().table().publish(new NameKey("default", "gone", "web", 0), List.of());
            system.advance(system.limits.times().leaseMillis() + 20_000);
        });
    }

    @Test
    void a_node_that_is_back_without_its_name_is_noticed() {
        notices("not its own name", system -> {
            AtomicInteger links = new AtomicInteger();
            system.authenticator = claim -> {
                NamePatterns names = links.incrementAndGet() <= 2 ? NamePatterns.ALL : NamePatterns.NONE;
                Scope scope = new Scope("default", names, NamePatterns.ALL, PortRange.NONE, false);
                return new Authenticator.Accepted(Principal.ofKey(claim.publicKey()), scope, Long.MAX_VALUE);
            };
            started(system);
            system.cables().forEach(SimCable::cut);
            system.advance(20_000);
        });
    }

    @Test
    void a_session_that_outlives_its_path_is_noticed() {
        notices("dead session", system -> {
            MuxOptions usual = MuxOptions.DEFAULT;
            system.mux = new MuxOptions(
                    usual.initialWindow(),
                    usual.maxWindow(),
                    usual.initialSessionWindow(),
                    usual.maxSessionWindow(),
                    usual.maxInboundStreams(),
                    usual.maxPendingOpens(),
                    usual.maxFrame(),
                    2 * usual.keepAliveNanos());
            started(system);
            system.cables().forEach(cable -> cable.lose(true, true));
            system.advance(60_000);
        });
    }

    @Test
    void a_dial_without_end_is_noticed() {
        notices("dial without end", system -> {
            started(system);
            SimNode caller = system.running(laptop);
            SimCall call = new SimCall(system, caller, 1, SimCall.Plan.of("web").withTimeout(1_000));
            system.forgetful(call);
            system.advance(2_000);
        });
    }

    @Test
    void an_end_that_is_a_bug_is_noticed() {
        notices("undocumented end", system -> {
            started(system);
            system.dial(system.running(laptop), SimCall.Plan.of("web").withHeader(SimEcho.REFUSE, "INTERNAL"));
            system.advance(2_000);
        });
    }

    @Test
    void a_reset_without_reason_is_noticed() {
        notices("undocumented end", system -> {
            system.echoes = node -> new SimEcho(system, node) {
                @Override
                void send(MuxStream stream, ByteBuf data) {
                    data.release();
                    stream.reset(ErrorCode.INTERNAL.number());
                }
            };
            started(system);
            system.dial(system.running(laptop), SimCall.Plan.of("web"));
            system.advance(2_000);
        });
    }

    @Test
    void a_lost_byte_is_noticed() {
        notices("lost bytes", system -> {
            system.echoes = node -> new SimEcho(system, node) {
                @Override
                void send(MuxStream stream, ByteBuf data) {
                    stream.write(data.readSlice(data.readableBytes() - 1));
                }
            };
            started(system);
            system.dial(system.running(laptop), SimCall.Plan.of("web").with(100, 0));
            system.advance(2_000);
        });
    }

    @Test
    void a_changed_byte_is_noticed() {
        notices("byte 0 of payload", system -> {
            system.echoes = node -> new SimEcho(system, node) {
                @Override
                void send(MuxStream stream, ByteBuf data) {
                    stream.write(data.setByte(data.readerIndex(), ~data.getByte(data.readerIndex())));
                }
            };
            started(system);
            system.dial(system.running(laptop), SimCall.Plan.of("web"));
            system.advance(2_000);
        });
    }

    @Test
    void payload_that_reached_a_service_after_a_promise_that_it_had_not_is_noticed() {
        notices("delivered after all", system -> {
            started(system);
            SimCall call =
                    system.dial(system.running(laptop), SimCall.Plan.of("web").with(100, 100));
            system.advance(1_000);
            system.invariants.onRefused(
                    call, Refused.here("relay1", ErrorCode.BUSY, "so it says").toException());
            system.advance(1);
        });
    }

    @Test
    void a_stream_without_end_is_noticed() {
        notices("stream without end", system -> {
            started(system);
            system.dial(system.running(laptop), SimCall.Plan.of("web").withPause(100_000));
            system.advance(60_000);
            system.invariants.atRest();
        });
    }

    @Test
    void a_node_that_does_not_come_back_is_noticed() {
        notices("not back", system -> {
            started(system);
            system.reachable(relay, false);
            system.cables().forEach(SimCable::cut);
            system.advance(60_000);
            system.invariants.atRest();
        });
    }

    @Test
    void a_member_that_never_leaves_is_noticed() {
        notices("left behind", system -> {
            SimNode node = started(system);
            Member ghost = new Member(
                    999, new Principal("key:ghost"), Actors.ALL, "ghost", new UUID(0, 1), 1, new Actors.Door("ghost"));
            node.parts().registrar().admit(ghost, List.of(Actors.offer(1, "haunt")), Set.of());
        });
    }

    private SimNode started(SimSystem system) {
        SimNode node = system.start(relay);
        system.start(edge);
        system.start(laptop);
        system.advance(1_000);
        return node;
    }

    private static void notices(String rule, SimSystem.Scenario scenario) {
        assertThatThrownBy(() -> SimSystem.play(1, scenario))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1 ")
                .hasMessageContaining(rule);
    }
}
