package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.http2.Meeting.Arrival;
import dev.culvert.http2.Meeting.Wish;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class MeetingTest {
    private static final Predicate<Peer> ANY = peer -> true;

    private final Meeting<String, String> meeting = new Meeting<>(3, 2);

    private static Peer peer(String name) {
        return new Peer("", name, "", InetSocketAddress.createUnresolved("192.0.2.7", 4711));
    }

    private static Predicate<Peer> called(String name) {
        return peer -> peer.isCalled(name);
    }

    @Test
    void who_waits_longest_is_taken_first() {
        meeting.arrive("one", peer("a"));
        meeting.arrive("two", peer("b"));

        assertThat(meeting.wish("dial", ANY)).isEqualTo(new Wish.Granted<>("one"));
        assertThat(meeting.wish("dial", ANY)).isEqualTo(new Wish.Granted<>("two"));
        assertThat(meeting.wish("dial", ANY)).isEqualTo(new Wish.Waits<>());
    }

    @Test
    void a_wish_passes_by_whom_it_does_not_want() {
        meeting.arrive("one", peer("a"));
        meeting.arrive("two", peer("b"));

        assertThat(meeting.wish("dial", called("b"))).isEqualTo(new Wish.Granted<>("two"));
        assertThat(meeting.wish("dial", called("b"))).isEqualTo(new Wish.Waits<>());
        assertThat(meeting.peers()).containsExactly(peer("a"));
    }

    @Test
    void who_arrives_goes_to_the_longest_waiting_wish_that_wants_it() {
        meeting.wish("for b", called("b"));
        meeting.wish("for any", ANY);
        meeting.wish("for any too", ANY);

        assertThat(meeting.arrive("one", peer("a"))).isEqualTo(new Arrival.Taken<>("for any"));
        assertThat(meeting.arrive("two", peer("b"))).isEqualTo(new Arrival.Taken<>("for b"));
        assertThat(meeting.arrive("three", peer("b"))).isEqualTo(new Arrival.Taken<>("for any too"));
        assertThat(meeting.arrive("four", peer("b"))).isEqualTo(new Arrival.Waits<>(null));
    }

    @Test
    void a_peer_with_too_many_loses_its_oldest_and_nobody_elses() {
        meeting.arrive("other", peer("b"));
        meeting.arrive("one", peer("a"));
        meeting.arrive("two", peer("a"));

        assertThat(meeting.arrive("three", peer("a"))).isEqualTo(new Arrival.Waits<>("one"));
        assertThat(meeting.leaveAll()).containsExactly("other", "two", "three");
    }

    @Test
    void what_exceeds_the_bound_for_all_is_refused() {
        meeting.arrive("one", peer("a"));
        meeting.arrive("two", peer("b"));
        meeting.arrive("three", peer("c"));
        assertThat(meeting.arrive("four", peer("d"))).isEqualTo(new Arrival.Refused<>());
        assertThat(meeting.leaveAll()).containsExactly("one", "two", "three");

        meeting.wish("1", ANY);
        meeting.wish("2", ANY);
        meeting.wish("3", ANY);
        assertThat(meeting.wish("4", ANY)).isEqualTo(new Wish.Refused<>());
        assertThat(meeting.giveUpAll()).containsExactly("1", "2", "3");
    }

    private static Peer at(String host, String identity, String name) {
        return new Peer(identity, name, "", InetSocketAddress.createUnresolved(host, 4711));
    }

    @Test
    void whoever_holds_most_under_however_many_names_gives_way_to_who_holds_less() {
        Meeting<String, String> large = new Meeting<>(1_000, 100);
        for (int i = 0; i < 1_000; i++) {
            assertThat(large.arrive("flood " + i, at("192.0.2.66", "", "name" + i / 100)))
                    .isEqualTo(new Arrival.Waits<>(null));
        }

        assertThat(large.arrive("honest", at("192.0.2.7", "", "edge7"))).isEqualTo(new Arrival.Waits<>("flood 0"));
        assertThat(large.arrive("proved", at("192.0.2.66", "edge8", "")))
                .as("an identity counts, not its address")
                .isEqualTo(new Arrival.Waits<>("flood 1"));
        assertThat(large.arrive("more", at("192.0.2.66", "", "fresh")))
                .as("the flood drives out nobody")
                .isEqualTo(new Arrival.Refused<>());
        assertThat(large.wish("dial", called("edge7"))).isEqualTo(new Wish.Granted<>("honest"));
        assertThat(large.wish("dial", called("edge8"))).isEqualTo(new Wish.Granted<>("proved"));
    }

    @Test
    void one_identity_with_many_names_and_addresses_is_one_holder() {
        meeting.arrive("one", at("192.0.2.1", "evil", "a"));
        meeting.arrive("two", at("192.0.2.2", "evil", "b"));
        meeting.arrive("three", at("192.0.2.3", "evil", "c"));

        assertThat(meeting.arrive("honest", at("192.0.2.1", "edge7", ""))).isEqualTo(new Arrival.Waits<>("one"));
    }

    @Test
    void who_would_hold_as_many_as_the_other_held_is_refused() {
        meeting.arrive("one", at("192.0.2.1", "", "a"));
        meeting.arrive("two", at("192.0.2.1", "", "b"));
        meeting.arrive("other", at("192.0.2.2", "", "c"));

        assertThat(meeting.arrive("more", at("192.0.2.2", "", "d"))).isEqualTo(new Arrival.Refused<>());
        assertThat(meeting.leaveAll()).containsExactly("one", "two", "other");
    }

    @Test
    void who_left_is_not_taken_and_who_gave_up_gets_nothing() {
        meeting.arrive("one", peer("a"));
        assertThat(meeting.leave("one")).isTrue();
        assertThat(meeting.leave("one")).isFalse();
        assertThat(meeting.wish("dial", ANY)).isEqualTo(new Wish.Waits<>());

        assertThat(meeting.giveUp("dial")).isTrue();
        assertThat(meeting.giveUp("dial")).isFalse();
        assertThat(meeting.arrive("two", peer("a"))).isEqualTo(new Arrival.Waits<>(null));
    }

    @Test
    void nothing_is_taken_twice_or_lost_and_the_bounds_hold() {
        SplittableRandom random = new SplittableRandom(4711);
        Set<String> inside = new HashSet<>();
        Set<String> wishing = new HashSet<>();
        List<String> names = List.of("a", "b", "c", "d");
        for (int step = 0; step < 20_000; step++) {
            String name = names.get(random.nextInt(names.size()));
            String id = "c" + step;
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    Arrival<String, String> arrival = meeting.arrive(id, peer(name));
                    if (arrival instanceof Arrival.Taken<String, String> taken) {
                        assertThat(wishing.remove(taken.taker())).isTrue();
                    } else if (arrival instanceof Arrival.Waits<String, String> waits) {
                        inside.add(id);
                        assertThat(waits.dropped() == null || inside.remove(waits.dropped()))
                                .isTrue();
                    }
                }
                case 2 -> {
                    Wish<String> wish = meeting.wish(id, called(name));
                    if (wish instanceof Wish.Granted<String> granted) {
                        assertThat(inside.remove(granted.connection())).isTrue();
                    } else if (wish instanceof Wish.Waits<String>) {
                        wishing.add(id);
                    }
                }
                default -> leaveSomebody(inside, wishing);
            }
            assertThat(inside.size())
                    .isLessThanOrEqualTo(3)
                    .isEqualTo(meeting.peers().size());
            assertThat(wishing.size()).isLessThanOrEqualTo(3);
        }
    }

    private void leaveSomebody(Set<String> inside, Set<String> wishing) {
        wishing.stream().findAny().ifPresent(taker -> {
            assertThat(meeting.giveUp(taker)).isTrue();
            wishing.remove(taker);
        });
        inside.stream().findAny().ifPresent(connection -> {
            assertThat(meeting.leave(connection)).isTrue();
            inside.remove(connection);
        });
    }

    @Test
    void a_proved_identity_counts_and_an_announced_name_does_not_replace_it() {
        Peer honest = new Peer("edge7", "", "", InetSocketAddress.createUnresolved("192.0.2.7", 1));
        Peer impostor = new Peer("evil", "edge7", "", InetSocketAddress.createUnresolved("192.0.2.8", 1));

        assertThat(honest.isCalled("edge7")).isTrue();
        assertThat(impostor.isCalled("edge7")).isFalse();
        assertThat(impostor.isCalled("evil/edge7")).isTrue();
        assertThat(impostor.isCalled("evil")).isTrue();
        assertThat(peer("edge7").isCalled("edge7")).isTrue();
        assertThat(honest).hasToString("edge7 at 192.0.2.7/<unresolved>:1");
    }
}
