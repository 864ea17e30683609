package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Node;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A network for each test. */
@ExtendWith(CulvertExtension.class)
final class CulvertExtensionTest {
    private TestNetwork before;
    private static Node earlier;

    @BeforeEach
    void prepare(TestNetwork network) {
        before = network;
    }

    @Test
    void a_test_and_what_prepares_it_share_a_network(TestNetwork network) {
        assertThat(network).isSameAs(before);
    }

    @Test
    void another_test_has_another_network(TestNetwork network) throws IOException {
        Node node = network.node("edge7");
        assertThat(node).isNotSameAs(earlier);
        assertThat(node.sessions()).hasSize(1);
        earlier = node;
    }
}
