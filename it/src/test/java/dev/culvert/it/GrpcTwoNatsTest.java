package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** grpc-java with a client and a server on both sides of a NAT, and whichever side is killed. */
@Tag("long")
@Namespaces
final class GrpcTwoNatsTest {
    @RegisterExtension
    static final Lab LAB = Lab.withTwoNats();

    /** A fifth of the 25 s after which silence alone would tell. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    @AfterEach
    void stop() {
        LAB.stopPrograms();
    }

    @Test
    void over_links_both_behind_a_nat() {
        Deployment deployment = Deployment.on(LAB.relay());
        String join = deployment.invite();
        play(
                new Side(LAB.agent().with("CULVERT_JOIN", join), "link edge7 edge8", "edge7"),
                new Side(LAB.caller().with("CULVERT_JOIN", join), "link edge8 edge7", "edge8"));
    }

    @Test
    void over_reversed_connections_one_behind_a_nat() {
        String address = LAB.relay2().address() + " 3333";
        play(new Side(LAB.relay2(), "cloud " + address, "cloud"), new Side(LAB.agent(), "edge " + address, "edge"));
    }

    /** One of the two, with the process that it is just now. */
    private static final class Side {
        private final Host host;
        private final String arguments;
        private final String name;
        private Proc proc;

        Side(Host host, String arguments, String name) {
            this.host = host;
            this.arguments = arguments;
            this.name = name;
        }

        void start() {
            proc = host.start("grpc " + arguments);
        }

        /** Makes a call and waits for a line about it. */
        void call(String call, String expected) {
            proc.type(call);
            proc.awaitLine("^" + call + ": " + expected + "$");
        }

        /** Calls that the other side has taken, and that do not end by themselves. */
        void hang(Side other) {
            call("hello 0", "hello hello 0 from " + other.name);
            call("watch 1", "watching watch 1");
            proc.type("hang 2");
            other.proc.awaitLine("hanging hang 2");
        }
    }

    private static void play(Side one, Side other) {
        one.start();
        other.start();
        one.hang(other);
        other.hang(one);

        one.call("late 3", "DEADLINE_EXCEEDED");
        one.call("fail 4", "DATA_LOSS");
        one.call("hello 5", "hello hello 5 from " + other.name);
        assertThat(one.proc.printed("UNAVAILABLE|CANCELLED")).isFalse();

        assertKilled(other, one);
        assertKilled(one, other);
        one.proc.kill(); // with their calls, for which a relay that ends would wait
        other.proc.kill();
    }

    private static void assertKilled(Side killed, Side left) {
        killed.proc.kill();
        left.proc.awaitLine("^watch 1: UNAVAILABLE$", AT_ONCE);
        left.proc.awaitLine("^hang 2: UNAVAILABLE$", AT_ONCE);

        killed.start();
        left.call("hello 6", "hello hello 6 from " + killed.name);
        killed.hang(left);
    }
}
