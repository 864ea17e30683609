package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.culvert.node.RoutingInvariants.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks of relays in which links are cut and mended, relays restart, networks part and come together, and agents quarrel over names. A
 * failure names its seed; {@code -Dculvert.seed=N} plays that one alone, {@code -Dculvert.scale=full} many more.
 */
final class RoutingSimTest {
    private static final int SMALL = 6;
    private static final int FULL = 500;
    private static final long LATER = 1L << 40;
    private static final UnaryOperator<Neighbour.Message> TRUE = message -> message;

    static LongStream seeds() {
        Long only = Long.getLong("culvert.seed");
        return only == null ? LongStream.rangeClosed(1, isFull() ? FULL : SMALL) : LongStream.of(only);
    }

    private static boolean isFull() {
        return "full".equals(System.getProperty("culvert.scale", ""));
    }

    private static void play(RoutingSim sim, Streams streams, int chapters, int steps) {
        RoutingInvariants invariants = new RoutingInvariants(sim, streams);
        sim.begin();
        for (int chapter = 0; chapter < chapters; chapter++) {
            for (int i = 0; i < steps; i++) {
                RoutingSim.Relay touched = sim.step();
                if (touched != null) {
                    invariants.afterStep(touched);
                }
            }
            invariants.settle();
        }
    }

    private static void play(long seed, int relays, int agents, int chapters, int steps) {
        try {
            play(new RoutingSim(seed, relays, agents, TRUE), Streams.CAREFUL, chapters, steps);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void no_loop_no_ghost_no_black_hole_and_no_name_twice(long seed) {
        play(seed, 3 + (int) (seed % 14), 40, 6, 1_500);
    }

    @Test
    void fifty_routers_and_five_hundred_agents() {
        for (long seed = 1; seed <= (isFull() ? 50 : 1); seed++) {
            play(seed, 50, 500, 2, 2_000);
        }
    }

    /** What is said of a network whose messages, or streams, are not as they should be. */
    private static String caught(UnaryOperator<Neighbour.Message> bug, Streams streams) {
        Throwable failure = catchThrowable(() -> play(new RoutingSim(1, 12, 40, bug), streams, 6, 1_500));
        assertThat(failure).as("seed 1 with the bug").isInstanceOf(AssertionError.class);
        return failure.getMessage();
    }

    private static String caught(UnaryOperator<Neighbour.Message> bug) {
        return caught(bug, Streams.CAREFUL);
    }

    private static UnaryOperator<Neighbour.Message> onOffers(UnaryOperator<Advert> bug) {
        return message -> message instanceof Neighbour.Offered offered
                ? new Neighbour.Offered(bug.apply(offered.advert()))
                : message;
    }

    private static UnaryOperator<Neighbour.Message> losing(Class<?> kind, int every) {
        int[] count = new int[1];
        return message -> kind.isInstance(message) && ++count[0] % every == 0 ? null : message;
    }

    @Test
    void streams_that_do_not_look_where_they_have_been_go_in_loops_which_is_caught() {
        assertThat(caught(TRUE, Streams.HEEDLESS)).startsWith("loop");
    }

    @Test
    void streams_whose_hops_nobody_counts_have_no_end_which_is_caught() {
        assertThat(caught(TRUE, Streams.ENDLESS)).startsWith("stream without end");
    }

    @Test
    void a_relay_that_does_not_say_over_whom_it_goes_leaves_ghosts_that_are_caught() {
        assertThat(caught(onOffers(advert -> new Advert(
                        advert.key(),
                        advert.origin(),
                        advert.version(),
                        advert.holder(),
                        advert.lost(),
                        ends(advert)))))
                .containsAnyOf("ghost", "black hole");
    }

    private static List<String> ends(Advert advert) {
        List<String> path = advert.path();
        List<String> ends = new ArrayList<>(List.of(path.get(0)));
        if (path.size() > 1) {
            ends.add(path.get(path.size() - 1));
        }
        return ends;
    }

    @Test
    void versions_that_order_nothing_let_the_dead_come_back_which_is_caught() {
        long[] now = new long[1];
        UnaryOperator<Neighbour.Message> offers = onOffers(advert -> new Advert(
                advert.key(),
                advert.origin(),
                new Advert.Version(0, ++now[0]),
                advert.holder(),
                advert.lost(),
                advert.path()));
        assertThat(caught(message -> message instanceof Neighbour.Gone gone
                        ? new Neighbour.Gone(gone.id(), new Advert.Version(0, now[0]), gone.withdrawn())
                        : offers.apply(message)))
                .startsWith("resurrected");
    }

    @Test
    void offers_that_get_lost_make_a_black_hole_that_is_caught() {
        assertThat(caught(losing(Neighbour.Offered.class, 10))).startsWith("black hole");
    }

    @Test
    void takings_back_that_get_lost_leave_ghosts_that_are_caught() {
        assertThat(caught(losing(Neighbour.Gone.class, 3))).startsWith("ghost");
    }

    @Test
    void claims_without_their_time_give_a_name_to_two_which_is_caught() {
        assertThat(caught(onOffers(advert -> new Advert(
                        advert.key(),
                        advert.origin(),
                        advert.version(),
                        new Advert.Holder(
                                advert.holder().principal(),
                                advert.holder().shared(),
                                advert.holder().sinceMillis() % LATER + LATER),
                        advert.lost(),
                        advert.path()))))
                .startsWith("owned twice");
    }
}
