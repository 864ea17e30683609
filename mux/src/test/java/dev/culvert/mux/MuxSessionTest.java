package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import dev.culvert.mux.sim.Wire;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two sessions on a simulated network: the smoke test. The suites in conformance and sim go further. */
class MuxSessionTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    void carries_data_both_ways_and_closes(Profile profile) {
        SimNet.simulate(1, net -> {
            Pair pair = new Pair(net, profile, IDS);
            Traffic near = new Traffic(net, new Payload(7));
            pair.answer = stream -> {
                Traffic far = new Traffic(net, new Payload(3));
                far.write(stream, new Payload(7), 3_000_000);
                return far;
            };
            near.write(pair.near.open(near), new Payload(3), 5_000_000);
            net.runUntil(() -> near.closed() && pair.far.openStreams() == 0, LIMIT);
            assertThat(near.received()).isEqualTo(3_000_000);
            assertThat(pair.near.openStreams()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_small_share_of_memory_is_slow_and_safe(Profile profile) {
        SimNet.simulate(8, net -> {
            Pair pair = new Pair(net, profile, IDS, new MemoryBudget(100_000, 4));
            Traffic near = new Traffic(net, new Payload(7));
            pair.answer = stream -> {
                Traffic far = new Traffic(net, new Payload(3));
                far.write(stream, new Payload(7), 2_000_000);
                return far;
            };
            near.write(pair.near.open(near), new Payload(3), 2_000_000);
            net.runUntil(() -> near.closed() && pair.far.openStreams() == 0, LIMIT);
            assertThat(near.received()).isEqualTo(2_000_000);
        });
    }

    @ParameterizedTest
    @EnumSource
    void reset_reaches_the_other_side(Profile profile) {
        SimNet.simulate(2, net -> {
            Pair pair = new Pair(net, profile, IDS);
            Traffic far = new Traffic(net, new Payload(3));
            pair.answer = stream -> far;
            MuxStream stream = pair.near.open(new Traffic(net, new Payload(7)));
            net.advance(Duration.ofSeconds(1));
            stream.reset(0x123);
            net.runUntil(far::ended, LIMIT);
            int expected = profile == Profile.X ? 0x123 : ErrorCode.CANCELLED.number();
            assertThat(far.resetCode()).isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @EnumSource
    void pings_measure_the_wire(Profile profile) {
        SimNet.simulate(3, net -> {
            Pair pair = new Pair(net, profile, IDS);
            List<Long> answers = new ArrayList<>();
            pair.near.ping(answers::add);
            pair.near.ping(answers::add);
            net.runUntil(() -> answers.size() == 2, LIMIT);
            assertThat(answers).allMatch(nanos -> nanos > 0);
            assertThat(pair.near.roundTripNanos()).isPositive();
        });
    }

    @ParameterizedTest
    @EnumSource
    void drains_after_the_last_stream(Profile profile) {
        SimNet.simulate(4, net -> {
            Pair pair = new Pair(net, profile, IDS);
            Traffic near = new Traffic(net, new Payload(7));
            pair.answer = stream -> {
                Traffic far = new Traffic(net, new Payload(3));
                far.write(stream, new Payload(7), 10);
                return far;
            };
            MuxStream stream = pair.near.open(near);
            net.advance(Duration.ofSeconds(1));
            pair.near.drain();
            net.advance(Duration.ofSeconds(1));
            assertThat(pair.nearEnd).isNull();
            assertThatThrownBy(() -> pair.near.open(near)).isInstanceOf(MuxException.class);
            near.write(stream, new Payload(3), 10);
            net.runUntil(() -> pair.nearEnd != null && pair.farEnd != null, LIMIT);
            assertThat(pair.nearEnd).isEqualTo(ErrorCode.OK);
            assertThat(pair.farEnd).isEqualTo(ErrorCode.OK);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_lost_connection_ends_every_stream(Profile profile) {
        SimNet.simulate(5, net -> {
            Pair pair = new Pair(net, profile, IDS);
            Traffic near = new Traffic(net, new Payload(7));
            pair.near.open(near);
            net.advance(Duration.ofSeconds(1));
            pair.link.dialler().close();
            net.runUntil(() -> pair.nearEnd != null && pair.farEnd != null, LIMIT);
            assertThat(near.resetCode()).isEqualTo(ErrorCode.LINK_LOST.number());
            assertThat(pair.budget.heldBytes()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void ids_run_out_with_an_error(Profile profile) {
        SimNet.simulate(6, net -> {
            Pair pair = new Pair(net, profile, 0xffff_fffdL);
            pair.near.open(new Traffic(net, new Payload(7)));
            pair.near.open(new Traffic(net, new Payload(7)));
            assertThatThrownBy(() -> pair.near.open(new Traffic(net, new Payload(7))))
                    .isInstanceOfSatisfying(
                            MuxException.class,
                            thrown -> assertThat(thrown.code()).isEqualTo(ErrorCode.DRAINING));
            net.advance(Duration.ofSeconds(1));
            assertThat(pair.far.openStreams()).isEqualTo(2);
            assertThat(pair.idsLow).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_throwing_handler_loses_its_stream_only(Profile profile) {
        SimNet.simulate(7, net -> {
            Pair pair = new Pair(net, profile, IDS);
            pair.answer = stream -> new Throwing();
            Traffic near = new Traffic(net, new Payload(7));
            near.write(pair.near.open(near), new Payload(3), 10, false);
            net.runUntil(near::reset, LIMIT);
            assertThat(pair.nearEnd).isNull();
            assertThat(pair.far.openStreams()).isZero();
        });
    }

    private static final long IDS = 3;

    private static final class Throwing implements StreamHandler {
        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            data.release();
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void onFinish(MuxStream stream) {
            throw new IllegalStateException("not reached");
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            throw new IllegalStateException("not reached");
        }
    }

    private static final class Pair {
        private final SimLink link;
        private final MemoryBudget budget;
        private final MuxSession near;
        private final MuxSession far;
        private Function<MuxStream, StreamHandler> answer;
        private ErrorCode nearEnd;
        private ErrorCode farEnd;
        private int idsLow;

        Pair(SimNet net, Profile profile, long firstId) {
            this(net, profile, firstId, new MemoryBudget(256 << 20, 16));
        }

        Pair(SimNet net, Profile profile, long firstId, MemoryBudget memory) {
            budget = memory;
            link = net.link(Wire.lan());
            answer = stream -> new Traffic(net, new Payload(3));
            near = MuxSession.dial(
                    link.dialler(), profile, new IdSequence(firstId), MuxOptions.DEFAULT, budget, new SessionHandler() {
                        @Override
                        public StreamHandler onOpen(MuxStream stream) {
                            return answer.apply(stream);
                        }

                        @Override
                        public void onIdsLow(MuxSession session) {
                            idsLow++;
                        }

                        @Override
                        public void onClosed(MuxSession session, ErrorCode code, String reason) {
                            nearEnd = code;
                        }
                    });
            far = MuxSession.accept(link.acceptor(), MuxOptions.DEFAULT, budget, new SessionHandler() {
                @Override
                public StreamHandler onOpen(MuxStream stream) {
                    return answer.apply(stream);
                }

                @Override
                public void onClosed(MuxSession session, ErrorCode code, String reason) {
                    farEnd = code;
                }
            });
            far.establish(profile == Profile.X ? near.localParameters() : PeerParameters.PLAIN);
            near.establish(profile == Profile.X ? far.localParameters() : PeerParameters.PLAIN);
        }
    }
}
