package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Chop;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import dev.culvert.mux.sim.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole sessions under load: what must hold, whatever the engine looks like inside. */
class AcceptanceTest {
    private static final Duration LONG = Duration.ofHours(2);

    /** [MUX-3] and the first line of the acceptance list. */
    @ParameterizedTest
    @EnumSource
    void open_payload_and_reply_take_one_round_trip(Profile profile) {
        SimNet.simulate(11, net -> {
            Pair pair = Pair.of(net, profile, Wire.wan(Duration.ofMillis(100), 0));
            pair.farApp.answer(stream -> {
                Traffic server = new Traffic(net, new Payload(1));
                server.write(stream, new Payload(2), 1000);
                return server;
            });
            Traffic client = new Traffic(net, new Payload(2));
            client.write(pair.near.open(client), new Payload(1), 1000);
            net.runUntil(client::closed, Duration.ofMillis(101), "the reply");
            pair.expectNothingLeft();
        });
    }

    /** Two windows full of data against tiny socket buffers: neither side may wait for the other's reading. */
    @ParameterizedTest
    @EnumSource
    void both_sides_write_through_tiny_socket_buffers_without_deadlock(Profile profile) {
        long bytes = Scale.of(4L << 20, 1L << 30);
        SimNet.simulate(12, net -> {
            Pair pair = Pair.of(net, profile, Wire.lan().withBuffer(3000));
            bothWays(pair, bytes);
        });
    }

    @ParameterizedTest
    @EnumSource
    void both_sides_write_while_each_pings_every_millisecond(Profile profile) {
        long bytes = Scale.of(4L << 20, 1L << 30);
        SimNet.simulate(13, net -> {
            Pair pair = Pair.of(net, profile, Wire.lan().withBuffer(4096));
            int[] pongs = new int[1];
            net.loop()
                    .scheduleAtFixedRate(
                            () -> {
                                if (pair.near.openStreams() > 0) {
                                    pair.near.ping(nanos -> pongs[0]++);
                                    pair.far.ping(nanos -> pongs[0]++);
                                }
                            },
                            1,
                            1,
                            java.util.concurrent.TimeUnit.MILLISECONDS);
            bothWays(pair, bytes);
            assertThat(pongs[0]).isPositive();
        });
    }

    @ParameterizedTest
    @EnumSource
    void reads_of_one_byte_lose_nothing(Profile profile) {
        SimNet.simulate(14, net -> {
            Pair pair = Pair.of(net, profile, Wire.lan().withChop(Chop.of(1)));
            bothWays(pair, 100_000);
        });
    }

    @ParameterizedTest
    @EnumSource
    void reads_of_random_size_lose_nothing_on_many_streams(Profile profile) {
        for (long seed = 100; seed < 100 + Scale.of(5, 200); seed++) {
            SimNet.simulate(seed, net -> {
                Wire wire = Wire.wan(Duration.ofMillis(net.random().nextInt(50)), 50_000_000)
                        .withChop(Chop.random(net.random(), 1 + net.random().nextInt(5000)));
                Pair pair = Pair.of(net, profile, wire);
                RandomLife life = new RandomLife(pair, 60);
                life.play();
                pair.expectNothingLeft();
            });
        }
    }

    /** [MUX-21] does not act: stalled streams that hold little must cost the fast one nothing. */
    @Test
    void a_fast_stream_beside_stalled_ones_keeps_its_speed() {
        Duration alone = SimTimes.timeOf(0);
        Duration beside = SimTimes.timeOf(Scale.of(100, 1000));
        assertThat((double) beside.toNanos() * 0.98)
                .as("alone %s, beside stalled streams %s", alone, beside)
                .isLessThanOrEqualTo((double) alone.toNanos());
    }

    /** [MUX-21] Stalled streams that fill the session window: the rule acts, says so, and the rest goes on. */
    @Test
    void when_stalled_streams_fill_the_session_the_largest_are_reset_and_the_rest_goes_on() {
        int stalled = Scale.of(500, 10_000);
        SimNet.simulate(16, net -> {
            MuxOptions options = Options.windows(32 * 1024, 16 << 20, 1 << 20, Scale.of(4 << 20, 64 << 20));
            Pair pair = Pair.of(net, Profile.X, Wire.wan(Duration.ofMillis(2), 100_000_000), options);
            List<Traffic> victims = new ArrayList<>();
            pair.farApp.answer(stream -> {
                Traffic victim = new Traffic(net, new Payload(3)).notReading();
                victims.add(victim);
                return victim;
            });
            List<Traffic> writers = new ArrayList<>();
            for (int i = 0; i < stalled; i++) {
                writers.add(pair.send(3, 1 << 20));
            }
            net.advance(Duration.ofSeconds(5));
            long resets = victims.stream().filter(Traffic::reset).count();
            assertThat(resets).as("[MUX-21]").isPositive();
            assertThat(victims)
                    .filteredOn(Traffic::reset)
                    .allMatch(victim -> victim.resetCode() == ErrorCode.SLOW_CONSUMER.number());
            assertThat(writers)
                    .filteredOn(Traffic::reset)
                    .hasSize((int) resets)
                    .allMatch(writer -> writer.resetCode() == ErrorCode.SLOW_CONSUMER.number());

            Traffic reader = new Traffic(net, new Payload(77));
            pair.farApp.answer(stream -> reader);
            pair.send(77, 10 << 20);
            net.runUntil(
                    reader::finishSeen,
                    Duration.ofSeconds(60),
                    "the stream that reads, beside " + stalled + " stalled");
        });
    }

    /** A reader that goes away frees its writer within one round trip. */
    @ParameterizedTest
    @EnumSource
    void a_reader_that_resets_frees_its_writer_within_one_round_trip(Profile profile) {
        SimNet.simulate(17, net -> {
            Pair pair = Pair.of(net, profile, Wire.wan(Duration.ofMillis(60), 0));
            Traffic reader = new Traffic(net, new Payload(5)).notReading();
            pair.farApp.answer(stream -> reader);
            Traffic writer = pair.send(5, 10 << 20);
            net.advance(Duration.ofSeconds(1));
            assertThat(writer.ended()).isFalse();
            pair.farApp.stream(0).reset(0x101);
            net.runUntil(writer::reset, Duration.ofMillis(61), "the writer's release");
            pair.expectNothingLeft();
        });
    }

    @Test
    void a_reader_that_stops_frees_its_writer_within_one_round_trip() {
        SimNet.simulate(18, net -> {
            Pair pair = Pair.of(net, Profile.X, Wire.wan(Duration.ofMillis(60), 0));
            Traffic reader = new Traffic(net, new Payload(5)).notReading();
            pair.farApp.answer(stream -> reader);
            Traffic writer = pair.send(5, 10 << 20);
            net.advance(Duration.ofSeconds(1));
            pair.farApp.stream(0).stop(0x102);
            net.runUntil(() -> writer.stopCode() == 0x102, Duration.ofMillis(61), "the writer's release");
            reader.readAll(pair.farApp.stream(0));
            pair.farApp.stream(0).finish();
            pair.expectNothingLeft();
        });
    }

    /** Server-speaks-first: the acceptor writes before it has read a byte. */
    @ParameterizedTest
    @EnumSource
    void a_server_that_speaks_first_loses_no_byte(Profile profile) {
        int streams = Scale.of(2_000, 100_000);
        SimNet.simulate(19, net -> {
            Pair pair = Pair.of(net, profile, Wire.lan().withBuffer(5000));
            pair.farApp.answer(stream -> {
                Traffic server = new Traffic(net, new Payload(9));
                server.write(stream, new Payload(3), 100);
                return server;
            });
            int[] done = new int[1];
            List<Traffic> open = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                Traffic client = new Traffic(net, new Payload(3));
                pair.near.open(client).finish();
                open.add(client);
                if (open.size() == 200) {
                    net.runUntil(() -> open.stream().allMatch(Traffic::closed), Duration.ofMinutes(1), "all banners");
                    assertThat(open).allMatch(each -> each.received() == 100);
                    done[0] += open.size();
                    open.clear();
                }
            }
            assertThat(done[0]).isEqualTo(streams);
            pair.expectNothingLeft();
        });
    }

    /** Refused opens leave nothing behind. */
    @ParameterizedTest
    @EnumSource
    void refused_opens_leave_nothing_behind(Profile profile) {
        int opens = Scale.of(5_000, 100_000);
        SimNet.simulate(20, net -> {
            Pair pair = Pair.of(net, profile, Wire.lan());
            pair.farApp.answer(stream -> {
                stream.reset(ErrorCode.DENIED.number());
                return StreamLog.consuming();
            });
            List<Traffic> clients = new ArrayList<>();
            for (int i = 0; i < opens; i++) {
                clients.add(pair.send(1, 500));
                if (clients.size() == 100) {
                    net.runUntil(
                            () -> clients.stream().allMatch(Traffic::reset), Duration.ofMinutes(1), "all refusals");
                    clients.clear();
                }
            }
            pair.expectNothingLeft();
        });
    }

    /** [MUX-24] */
    @ParameterizedTest
    @EnumSource
    void a_hundred_bulk_writers_share_the_link_fairly(Profile profile) {
        SimNet.simulate(21, net -> {
            Pair pair = Pair.of(net, profile, Wire.wan(Duration.ofMillis(5), 8_000_000));
            List<Traffic> readers = new ArrayList<>();
            pair.farApp.answer(stream -> {
                Traffic reader = new Traffic(net, new Payload(4));
                readers.add(reader);
                return reader;
            });
            for (int i = 0; i < 100; i++) {
                pair.send(4, 1L << 40);
            }
            net.advance(Duration.ofSeconds(5));
            double sum = readers.stream().mapToDouble(Traffic::received).sum();
            double squares = readers.stream()
                    .mapToDouble(r -> (double) r.received() * r.received())
                    .sum();
            assertThat(sum).as("bytes in 5 s of an 8 MB/s line").isGreaterThan(36_000_000);
            assertThat(sum * sum / (100 * squares)).as("[MUX-24] Jain's index").isGreaterThanOrEqualTo(0.98);
        });
    }

    /** Every stream of a lost link is told at once. */
    @ParameterizedTest
    @EnumSource
    void a_link_that_dies_with_many_streams_resets_all_of_them(Profile profile) {
        int streams = profile == Profile.Y ? 256 : Scale.of(5_000, 100_000);
        SimNet.simulate(22, net -> {
            MuxOptions options = Options.inbound(1 << 20);
            Pair pair = Pair.of(net, profile, Wire.lan(), options);
            List<Traffic> all = new ArrayList<>();
            pair.farApp.answer(stream -> {
                Traffic reader = new Traffic(net, new Payload(6));
                all.add(reader);
                return reader;
            });
            for (int i = 0; i < streams; i++) {
                Traffic writer = new Traffic(net, new Payload(0));
                writer.write(pair.near.open(writer), new Payload(6), 10, false);
                all.add(writer);
            }
            net.advance(Duration.ofSeconds(5));
            assertThat(all).hasSize(2 * streams);
            pair.link.cut();
            net.runDue();
            assertThat(all).allMatch(each -> each.resetCode() == ErrorCode.LINK_LOST.number());
        });
    }

    /** Opens, idles and closes bring everything back. */
    @ParameterizedTest
    @EnumSource
    void opens_idles_and_closes_leave_nothing_behind(Profile profile) {
        int batch = profile == Profile.Y ? 250 : 1000;
        int batches = Scale.of(4, 1000);
        SimNet.simulate(23, net -> {
            Pair pair = Pair.of(net, profile, Wire.lan(), Options.inbound(1 << 20));
            pair.farApp.answer(stream -> new Echo());
            for (int i = 0; i < batches; i++) {
                List<MuxStream> idle = new ArrayList<>();
                for (int j = 0; j < batch; j++) {
                    idle.add(pair.near.open(StreamLog.consuming()));
                }
                net.advance(Duration.ofSeconds(1));
                assertThat(pair.far.openStreams()).isEqualTo(batch);
                idle.forEach(MuxStream::finish);
                pair.farApp.streams().clear();
                net.runUntil(() -> pair.near.openStreams() == 0, Duration.ofMinutes(1), "the end of batch " + i);
            }
            pair.expectNothingLeft();
        });
    }

    @ParameterizedTest
    @EnumSource
    void half_closed_opens_may_be_accepted_late_and_the_next_opens(Profile profile) {
        SimNet.simulate(24, net -> {
            Pair pair = Pair.of(net, profile, Wire.lan());
            List<MuxStream> accepted = new ArrayList<>();
            pair.farApp.answer(stream -> {
                accepted.add(stream);
                return StreamLog.stalled();
            });
            List<Traffic> clients = new ArrayList<>();
            for (int i = 0; i < 257; i++) {
                clients.add(pair.send(8, 10));
            }
            net.advance(Duration.ofMinutes(2));
            assertThat(accepted.size()).isGreaterThanOrEqualTo(256);
            for (int i = 0; i < accepted.size(); i++) {
                accepted.get(i).finish();
                net.runDue();
            }
            net.runUntil(
                    () -> {
                        accepted.forEach(MuxStream::finish);
                        return clients.stream().allMatch(Traffic::closed);
                    },
                    Duration.ofMinutes(1),
                    "the end of all 257");
        });
    }

    private static void bothWays(Pair pair, long bytes) throws MuxException {
        Traffic[] far = new Traffic[1];
        pair.farApp.answer(stream -> {
            far[0] = new Traffic(pair.net, new Payload(1));
            far[0].write(stream, new Payload(2), bytes);
            return far[0];
        });
        Traffic near = new Traffic(pair.net, new Payload(2));
        near.write(pair.near.open(near), new Payload(1), bytes);
        pair.net.runUntil(near::closed, LONG, "the end of " + bytes + " bytes both ways");
        pair.net.runUntil(far[0]::closed, LONG, "the end at the far side");
        assertThat(near.received()).isEqualTo(bytes);
        assertThat(far[0].received()).isEqualTo(bytes);
        pair.expectNothingLeft();
    }
}
