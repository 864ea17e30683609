package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import dev.culvert.mux.sim.Wire;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams through relays: [ROUTE-1], [ROUTE-2], and what must hold of splices. */
class RelayingTest {
    private static final Payload UP = new Payload(1);
    private static final Payload DOWN = new Payload(2);
    private static final Duration LONG = Duration.ofMinutes(30);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytes_cross_a_relay_both_ways_with_tiny_socket_buffers(boolean oneLoop) {
        SimNet.simulate(41, net -> {
            Chain chain = new Chain(net, Wire.lan().withBuffer(3000), Wire.lan().withBuffer(2000), oneLoop);
            Traffic[] agent = chain.agentAnswers(Scale.of(2L << 20, 1L << 30));
            Traffic caller = chain.call(Scale.of(2L << 20, 1L << 30));
            net.runUntil(() -> caller.closed() && agent[0].closed(), Duration.ofDays(1), "both ends");
            chain.caller.expectNothingLeft();
            chain.agent.expectNothingLeft();
        });
    }

    /** [ROUTE-1] A caller at 200 ms and an agent at 1 ms must not meet at the smaller window. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_leg_of_200_ms_and_one_of_1_ms_run_at_full_speed(boolean upwards) {
        long rate = 20_000_000;
        SimNet.simulate(42, net -> {
            Wire slow = Wire.wan(Duration.ofMillis(200), rate);
            Chain chain = new Chain(net, slow, Wire.wan(Duration.ofMillis(1), 10 * rate), true);
            Traffic[] agent = chain.agentAnswers(upwards ? 0 : 1L << 40);
            Traffic caller = chain.call(upwards ? 1L << 40 : 0);
            net.advance(Duration.ofSeconds(6));
            long before = upwards ? agent[0].received() : caller.received();
            net.advance(Duration.ofSeconds(2));
            long after = upwards ? agent[0].received() : caller.received();
            assertThat((after - before) / (2.0 * rate))
                    .as("[ROUTE-1] share of the line")
                    .isGreaterThan(0.9);
        });
    }

    /** Both legs of every stream on one link. */
    @Test
    void a_hairpin_carries_both_directions_to_the_end() {
        SimNet.simulate(43, net -> {
            Pair pair = Pair.of(net, Profile.X, Wire.lan().withBuffer(5000));
            Relay.forward(pair.farApp, pair.far);
            List<Traffic> ends = new ArrayList<>();
            pair.nearApp.answer(stream -> {
                Traffic service = new Traffic(net, UP);
                service.write(stream, DOWN, 500_000);
                ends.add(service);
                return service;
            });
            for (int i = 0; i < 20; i++) {
                Traffic caller = new Traffic(net, DOWN);
                caller.write(pair.near.open(caller), UP, 500_000);
                ends.add(caller);
            }
            net.runUntil(() -> ends.size() == 40 && ends.stream().allMatch(Traffic::closed), LONG, "all 40 ends");
            pair.expectNothingLeft();
        });
    }

    /**
     * Each stream crosses the link between two relays five times, so that either relay holds bytes for the other. With little
     * memory that is a cyclic wait: streams may be reset for it, but nothing may hang, and the link works afterwards.
     */
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 96 * 1024})
    void cyclic_load_of_two_relays_never_hangs(int sessionWindow) {
        SimNet.simulate(44, net -> {
            MuxOptions options = Options.windows(32 * 1024, 1 << 20, sessionWindow, sessionWindow);
            Pair pair = Pair.of(net, Profile.X, Wire.wan(Duration.ofMillis(2), 50_000_000), options);
            List<Traffic> ends = new ArrayList<>();
            int[] hops = new int[1];
            Relay.forward(pair.nearApp, pair.near);
            pair.farApp.answer(stream -> {
                if (hops[0]++ % 3 != 2) {
                    return Relay.join(stream, pair.far);
                }
                Traffic service = new Traffic(net, UP);
                ends.add(service);
                service.write(stream, DOWN, 300_000);
                return service;
            });
            List<Traffic> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                callers.add(call(net, pair, 300_000));
            }
            net.runUntil(
                    () -> callers.stream().allMatch(Traffic::ended), LONG, "the end of every stream, whatever it is");
            assertThat(callers)
                    .filteredOn(Traffic::reset)
                    .allMatch(caller -> caller.resetCode() == ErrorCode.SLOW_CONSUMER.number());
            net.runUntil(() -> pair.near.openStreams() + pair.far.openStreams() == 0, LONG, "the end of all legs");
            assertThat(ends).as("services").hasSize(20).allMatch(Traffic::ended);

            hops[0] = 2;
            Traffic late = call(net, pair, 300_000);
            net.runUntil(late::closed, Duration.ofSeconds(5), "a stream after the rush");
        });
    }

    /** [ROUTE-2] */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_one_leg_of_many_dies_all_others_are_reset_promptly(boolean oneLoop) {
        int streams = Scale.of(2_000, 100_000);
        SimNet.simulate(45, net -> {
            Chain chain = new Chain(net, Wire.lan(), Wire.lan(), oneLoop);
            List<Traffic> callers = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                Traffic caller = new Traffic(net, DOWN);
                caller.write(chain.caller.near.open(caller), UP, 20, false);
                callers.add(caller);
            }
            net.advance(Duration.ofSeconds(2));
            assertThat(chain.agent.near.openStreams()).isEqualTo(streams);
            chain.agent.link.cut();
            net.runUntil(() -> callers.stream().allMatch(Relay::lost), Duration.ofMillis(100), "all resets");
            chain.caller.expectNothingLeft();
            assertThat(chain.caller.nearApp.closed()).isNull();
        });
    }

    /** [ROUTE-1] What a stalled leg holds at the relay is bounded by one window of the incoming leg. */
    @Test
    void a_stalled_agent_holds_one_window_of_its_caller() {
        SimNet.simulate(46, net -> {
            Chain chain = new Chain(net, Wire.lan(), Wire.lan(), true);
            chain.agent.nearApp.answer(stream -> new Traffic(net, UP).notReading());
            Traffic caller = chain.call(10 << 20);
            net.advance(Duration.ofSeconds(10));
            int window = Options.quiet().initialWindow();
            assertThat(caller.written())
                    .as("its own queue, a window that may have doubled at the relay, one at the agent")
                    .isLessThanOrEqualTo(80 * 1024 + 3L * window);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void streams_through_a_relay_live_as_chance_has_it_and_leave_nothing(boolean oneLoop) {
        for (long seed = 500; seed < 500 + Scale.of(5, 200); seed++) {
            SimNet.simulate(seed, net -> {
                Wire near = Wire.wan(Duration.ofMillis(1 + net.random().nextInt(40)), 30_000_000);
                Wire far = Wire.wan(Duration.ofMillis(1 + net.random().nextInt(40)), 10_000_000);
                Chain chain = new Chain(net, near, far, oneLoop);
                RandomLife life = new RandomLife(net, chain.caller.near, 60);
                chain.agent.nearApp.answer(life::join);
                life.play();
                chain.caller.expectNothingLeft();
                chain.agent.expectNothingLeft();
            });
        }
    }

    private static Traffic call(SimNet net, Pair pair, long bytes) throws MuxException {
        Traffic caller = new Traffic(net, DOWN);
        MuxStream stream = pair.near.open(caller);
        caller.write(stream, UP, bytes);
        return caller;
    }

    /** A caller and an agent, both linked to one relay. Owned by the simulation's thread. */
    private static final class Chain {
        private final SimNet net;
        private final Pair caller;
        private final Pair agent;

        Chain(SimNet net, Wire callerWire, Wire agentWire, boolean oneLoop) {
            this.net = net;
            EventLoop other = oneLoop ? net.loop() : net.newLoop();
            caller = Pair.of(net, callerWire, net.loop(), net.loop());
            agent = Pair.of(net, agentWire, other, other);
            Relay.forward(caller.farApp, agent.far);
        }

        /** A service at the agent that writes {@code bytes}; the array gets it when it is called. */
        Traffic[] agentAnswers(long bytes) {
            Traffic[] service = {new Traffic(net, UP)};
            agent.nearApp.answer(stream -> {
                service[0].write(stream, DOWN, bytes);
                return service[0];
            });
            return service;
        }

        Traffic call(long bytes) throws MuxException {
            return RelayingTest.call(net, caller, bytes);
        }
    }
}
