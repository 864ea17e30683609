package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.mux.vectors.Vector;
import io.netty.buffer.Unpooled;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A port takes connections for what {@code docs/vectors/first-bytes.txt} says. [LINK-1] */
class FirstBytesVectorsTest {
    static Stream<Vector> firsts() {
        return Vector.file("first-bytes.txt");
    }

    @ParameterizedTest
    @MethodSource("firsts")
    void is_taken_for_what_it_is(Vector vector) {
        byte[] bytes = vector.bytes("bytes");
        assertThat(bytes).hasSize(FirstBytes.COUNT);
        assertThat(FirstBytes.of(Unpooled.wrappedBuffer(bytes))).isEqualTo(FirstBytes.valueOf(vector.one("means")));
    }

    @Test
    void everything_that_a_port_knows_has_a_vector() {
        assertThat(firsts().map(vector -> vector.one("means")).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        Stream.of(FirstBytes.values()).map(Enum::name).toArray(String[]::new));
    }
}
