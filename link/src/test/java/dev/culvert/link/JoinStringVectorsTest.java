package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.culvert.mux.vectors.Vector;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Join strings are those of {@code docs/vectors/join-strings.txt}. [LINK-30] to [LINK-33] */
class JoinStringVectorsTest {
    static Stream<Vector> good() {
        return Vector.file("join-strings.txt").filter(vector -> vector.has("text"));
    }

    static Stream<Vector> wrong() {
        return Vector.file("join-strings.txt").filter(vector -> vector.has("wrong"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void is_written_as_it_stands(Vector vector) {
        assertThat(join(vector).text()).isEqualTo(vector.one("text"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void is_read_as_what_it_means(Vector vector) {
        assertThat(JoinString.parse(vector.one("text"))).isEqualTo(join(vector));
    }

    @ParameterizedTest
    @MethodSource("good")
    void the_principal_is_the_key(Vector vector) {
        assertThat(Principal.ofKey(join(vector).relays().get(0).key()).id()).isEqualTo(vector.one("principal"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void what_is_wrong_is_refused_in_one_line(Vector vector) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JoinString.parse(vector.one("wrong")))
                .withMessageStartingWith("join string ")
                .withMessageNotContaining("\n");
    }

    private static JoinString join(Vector vector) {
        List<String> hosts = vector.all("host");
        List<JoinString.Relay> relays = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            byte[] key = Vector.bytes(vector.all("key").subList(i, i + 1));
            relays.add(new JoinString.Relay(
                    hosts.get(i), Integer.parseInt(vector.all("port").get(i)), key));
        }
        return new JoinString(relays, vector.one("token"));
    }
}
