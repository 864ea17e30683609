package dev.culvert.mux.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.vectors.Vector;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session answers {@code docs/vectors/exchanges.txt} with the very bytes that stand there. */
class ExchangeVectorsTest {
    private static final int SEED = 1;

    static Stream<Vector> exchanges() {
        return Vector.file("exchanges.txt");
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void is_answered_as_it_stands(Vector vector) {
        SimNet.simulate(SEED, net -> {
            boolean plain = vector.bytes("sends")[0] == 0;
            Scripted script = Scripted.accepting(net, plain ? Profile.Y : Profile.X);
            script.peer.leavingPings();
            ByteArrayOutputStream heard = new ByteArrayOutputStream();
            for (String frame : vector.all("sends")) {
                script.peer.sendBytes(Vector.bytes(List.of(frame)));
                script.peer.drain(Duration.ofMillis(10)).stream()
                        .filter(answer -> !isPing(answer))
                        .forEach(answer -> heard.writeBytes(answer.bytes()));
            }

            assertThat(heard.toByteArray()).asHexString().isEqualTo(hex(vector));
            assertThat(script.peer.closed()).isEqualTo(vector.has("closed"));
        });
    }

    /** A session measures its round trip when it likes. */
    private static boolean isPing(Frame frame) {
        return frame.type() == Frame.PING && frame.has(Frame.SYN);
    }

    private static String hex(Vector vector) {
        return String.join("", vector.all("hears")).replace(" ", "").toUpperCase(Locale.ROOT);
    }
}
