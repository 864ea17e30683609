package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A meeting point on the loop of an embedded channel, whose tasks run when the test says so. */
final class MeetingPointTest {
    private static final Predicate<Peer> ANY = peer -> true;

    private final EmbeddedChannel server = new EmbeddedChannel();
    private final MeetingPoint point = new MeetingPoint(server.eventLoop(), 2, 2, "connections");

    @AfterEach
    void close() {
        server.finishAndReleaseAll();
    }

    private static Peer peer(String name) {
        return new Peer("", name, "", InetSocketAddress.createUnresolved("192.0.2.7", 4711));
    }

    private static Connection connection() {
        return new Connection(new EmbeddedChannel(), permitting());
    }

    /** Whatever it is asked, a face may have it. */
    private static Connection.Watcher permitting() {
        return (Connection.Watcher) Proxy.newProxyInstance(
                Connection.Watcher.class.getClassLoader(),
                new Class<?>[] {Connection.Watcher.class},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? true : null);
    }

    private void arrive(Connection connection, Peer peer) {
        server.eventLoop().execute(() -> point.arrive(connection, peer));
        settle();
    }

    /** Runs what the loops have to do, until nothing more comes of it. */
    private void settle() {
        server.runPendingTasks();
    }

    private Future<Connection> take(Predicate<Peer> wanted) {
        return point.take(wanted, "peer", 0);
    }

    @Test
    void who_cancelled_before_the_loop_came_to_it_takes_nobody_who_comes_later() {
        take(ANY).cancel(false);
        settle();

        Connection later = connection();
        arrive(later, peer("edge7"));

        assertThat(point.waiting()).containsExactly(peer("edge7"));
        assertThat(later.raw().isOpen()).isTrue();
    }

    @Test
    void who_cancelled_before_the_loop_came_to_it_takes_nobody_who_waits_already() {
        Connection waiting = connection();
        arrive(waiting, peer("edge7"));

        take(ANY).cancel(false);
        settle();

        assertThat(point.waiting()).containsExactly(peer("edge7"));
        assertThat(waiting.raw().isOpen()).isTrue();
    }

    @Test
    void those_who_cancelled_leave_room_for_others() {
        take(ANY).cancel(false);
        take(ANY).cancel(false);
        Future<Connection> patient = take(ANY);
        settle();
        assertThat(patient.isDone()).isFalse();

        Connection connection = connection();
        arrive(connection, peer("edge7"));

        assertThat(patient.getNow()).isSameAs(connection);
    }

    @Test
    void who_cancels_while_it_waits_takes_nobody() {
        Future<Connection> impatient = take(ANY);
        settle();
        impatient.cancel(false);
        settle();

        Connection later = connection();
        arrive(later, peer("edge7"));

        assertThat(point.waiting()).containsExactly(peer("edge7"));
        assertThat(later.raw().isOpen()).isTrue();
    }

    private static boolean fail(Peer peer) {
        throw new IllegalStateException("asked about " + peer.name());
    }

    @Test
    void a_wish_that_fails_on_who_waits_ends_with_that_and_leaves_all_as_they_were() {
        arrive(connection(), peer("edge7"));
        arrive(connection(), peer("edge8"));

        Future<Connection> failing = take(MeetingPointTest::fail);
        settle();

        assertThat(failing.cause()).isInstanceOf(IllegalStateException.class).hasMessage("asked about edge7");
        assertThat(point.waiting()).containsExactly(peer("edge7"), peer("edge8"));
    }

    @Test
    void a_wish_that_fails_on_who_arrives_ends_with_that_and_the_next_gets_the_arrival() {
        Future<Connection> failing = take(MeetingPointTest::fail);
        Future<Connection> patient = take(peer -> peer.isCalled("edge7"));
        settle();
        assertThat(failing.isDone()).isFalse();

        Connection connection = connection();
        arrive(connection, peer("edge7"));
        arrive(connection(), peer("edge8"));

        assertThat(failing.cause()).isInstanceOf(IllegalStateException.class);
        assertThat(patient.getNow()).isSameAs(connection);
        assertThat(point.waiting()).containsExactly(peer("edge8"));
    }

    @Test
    void a_wish_that_failed_once_gets_nobody_whom_it_would_have_wanted() {
        arrive(connection(), peer("edge7"));
        Connection second = connection();
        arrive(second, peer("edge8"));

        Future<Connection> failing = take(peer -> peer.isCalled("edge8") || fail(peer));
        settle();

        assertThat(failing.cause()).isInstanceOf(IllegalStateException.class);
        assertThat(second.raw().isOpen()).isTrue();
        assertThat(point.waiting()).hasSize(2);
    }
}
