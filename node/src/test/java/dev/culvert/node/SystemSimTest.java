package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole systems in virtual time with seeded faults. A failure names its seed; {@code -Dculvert.seed=N} plays that one alone, and {@code
 * -Dculvert.scale=full} plays many more.
 */
final class SystemSimTest {
    private static final long SMALL = 8;
    private static final long FULL = 2_000;

    static LongStream seeds() {
        Long only = Long.getLong("culvert.seed");
        boolean full = "full".equals(System.getProperty("culvert.scale", ""));
        return only == null ? LongStream.rangeClosed(1, full ? FULL : SMALL) : LongStream.of(only);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_happens_names_have_one_owner_and_dials_and_streams_an_end(long seed) {
        SimSystem.play(seed, system -> new SimStory(system, seed).play());
    }

    @Test
    void where_nothing_happens_every_call_is_echoed_whole() {
        SimSystem.play(1, system -> {
            SimHost relay = SimHost.relay("relay1");
            system.start(relay);
            system.start(SimHost.agent("edge1", List.of(relay), "web"));
            SimNode caller = system.start(SimHost.agent("laptop", List.of(relay)));
            system.advance(1_000);
            for (int i = 0; i < 50; i++) {
                system.dial(caller, SimCall.Plan.of("edge1.web").with(i * 5_000, i * 600));
                system.advance(i);
            }
            system.until("the end of all calls", 30_000, () -> system.open().isEmpty());
            assertThat(system.calls()).allMatch(call -> call.state() == SimCall.State.DONE);
        });
    }
}
