package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import dev.culvert.mux.sim.Wire;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller, a relay that splices, and an agent; the relay's legs on one loop or on two. [ROUTE-1] [ROUTE-2] */
class SpliceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Payload UP = new Payload(3);
    private static final Payload DOWN = new Payload(7);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void carries_both_directions_and_their_ends(boolean oneLoop) {
        SimNet.simulate(1, net -> {
            Chain chain = new Chain(net, oneLoop);
            chain.caller.write(chain.open(), UP, 3_000_000);
            net.runUntil(() -> chain.agentStream != null, LIMIT);
            chain.agent.write(chain.agentStream, DOWN, 2_000_000);
            net.runUntil(() -> chain.caller.closed() && chain.agent.closed(), LIMIT);
            assertThat(chain.agent.received()).isEqualTo(3_000_000);
            assertThat(chain.caller.received()).isEqualTo(2_000_000);
            net.runUntil(() -> chain.relayStreams() == 0, LIMIT);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_small_share_of_memory_is_slow_and_safe(boolean oneLoop) {
        SimNet.simulate(6, net -> {
            Chain chain = new Chain(net, oneLoop, new MemoryBudget(160_000, 6));
            chain.caller.write(chain.open(), UP, 1_000_000);
            net.runUntil(() -> chain.agentStream != null, LIMIT);
            chain.agent.write(chain.agentStream, DOWN, 1_000_000);
            net.runUntil(() -> chain.caller.closed() && chain.agent.closed(), LIMIT);
            assertThat(chain.agent.received()).isEqualTo(1_000_000);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reset_travels_with_its_code(boolean oneLoop) {
        SimNet.simulate(2, net -> {
            Chain chain = new Chain(net, oneLoop);
            chain.open();
            net.runUntil(() -> chain.agentStream != null, LIMIT);
            chain.agentStream.reset(0x234);
            net.runUntil(chain.caller::reset, LIMIT);
            assertThat(chain.caller.resetCode()).isEqualTo(0x234);
            assertThat(chain.relayStreams()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stop_travels_with_its_code(boolean oneLoop) {
        SimNet.simulate(3, net -> {
            Chain chain = new Chain(net, oneLoop);
            chain.caller.write(chain.open(), UP, 50_000_000);
            net.runUntil(() -> chain.agent.received() > 100_000, LIMIT);
            chain.agentStream.stop(0x345);
            net.runUntil(() -> chain.caller.stopCode() == 0x345, LIMIT);
            net.runUntil(() -> chain.agentStream.state() == StreamState.PEER_FINISHED, LIMIT);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_lost_leg_resets_the_other(boolean oneLoop) {
        SimNet.simulate(4, net -> {
            Chain chain = new Chain(net, oneLoop);
            chain.caller.write(chain.open(), UP, 50_000_000);
            net.runUntil(() -> chain.agent.received() > 100_000, LIMIT);
            chain.far.acceptor().close();
            net.runUntil(chain.caller::reset, LIMIT);
            assertThat(chain.caller.resetCode()).isEqualTo(ErrorCode.LINK_LOST.number());
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_stalled_agent_holds_no_more_than_one_window_at_the_relay(boolean oneLoop) {
        SimNet.simulate(5, net -> {
            Chain chain = new Chain(net, oneLoop);
            chain.agent.notReading();
            chain.caller.write(chain.open(), UP, 50_000_000);
            net.advance(Duration.ofSeconds(5));
            int window = MuxOptions.DEFAULT.initialWindow();
            assertThat(chain.caller.written()).isLessThanOrEqualTo(2L * window + 64 * 1024);
            assertThat(chain.agent.received()).isEqualTo(window);
            chain.agent.readAll(chain.agentStream);
            net.runUntil(() -> chain.agent.received() > 10_000_000, LIMIT);
        });
    }

    private static final class Chain {
        private final MemoryBudget budget;
        private final SimLink far;
        private final Traffic caller;
        private final Traffic agent;
        private final MuxSession callerEnd;
        private final MuxSession relayNear;
        private final MuxSession relayFar;
        private @Nullable MuxStream agentStream;

        Chain(SimNet net, boolean oneLoop) {
            this(net, oneLoop, new MemoryBudget(512 << 20, 16));
        }

        Chain(SimNet net, boolean oneLoop, MemoryBudget memory) {
            budget = memory;
            EventLoop one = net.loop();
            EventLoop two = oneLoop ? one : net.newLoop();
            caller = new Traffic(net, DOWN);
            agent = new Traffic(net, UP);
            SimLink near = net.link(Wire.wan(Duration.ofMillis(20), 50_000_000), one, one);
            far = net.link(Wire.lan(), two, two);
            callerEnd = MuxSession.dial(near.dialler(), Profile.X, MuxOptions.DEFAULT, budget, new Peer(null));
            relayFar = MuxSession.dial(far.dialler(), Profile.X, MuxOptions.DEFAULT, budget, new Peer(null));
            relayNear = MuxSession.accept(near.acceptor(), MuxOptions.DEFAULT, budget, new Peer(relayFar));
            MuxSession agentEnd = MuxSession.accept(far.acceptor(), MuxOptions.DEFAULT, budget, new Peer(null));
            for (MuxSession session : new MuxSession[] {callerEnd, relayFar, relayNear, agentEnd}) {
                session.establish(session.localParameters());
            }
        }

        MuxStream open() throws MuxException {
            return callerEnd.open(caller);
        }

        int relayStreams() {
            return relayNear.openStreams() + relayFar.openStreams();
        }

        /** At the relay: splices to {@code next}; at the agent: answers. */
        private final class Peer implements SessionHandler {
            private final @Nullable MuxSession next;

            Peer(@Nullable MuxSession next) {
                this.next = next;
            }

            @Override
            public StreamHandler onOpen(MuxStream stream) {
                if (next == null) {
                    agentStream = stream;
                    return agent;
                }
                HeldBack held = new HeldBack();
                next.loop().execute(() -> dial(stream, held, next));
                return held;
            }

            private void dial(MuxStream first, HeldBack held, MuxSession over) {
                try {
                    MuxStream second = over.open(new HeldBack());
                    Splice splice = Splice.between(first, second);
                    second.handler(splice.second());
                    first.session().loop().execute(() -> {
                        first.handler(splice.first());
                        held.replay(first, splice.first());
                    });
                } catch (MuxException refused) {
                    throw new IllegalStateException(refused);
                }
            }

            @Override
            public void onClosed(MuxSession session, ErrorCode code, String reason) {
                // the streams have been told
            }
        }
    }
}
