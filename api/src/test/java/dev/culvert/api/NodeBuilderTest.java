package dev.culvert.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a node can be told at its start. */
final class NodeBuilderTest {
    @Test
    void says_what_it_was_told() {
        NodeOptions options = Node.builder()
                .name("edge7")
                .namespace("prod")
                .join("culvert://a:1/k/t")
                .join("culvert://b:1/k/t")
                .stateDirectory(Path.of("state"))
                .keepAlive(Duration.ofSeconds(15))
                .retry(Duration.ofSeconds(5), Duration.ofSeconds(60), 100)
                .closeTimeout(Duration.ofSeconds(5))
                .options();

        assertThat(options.name()).isEqualTo("edge7");
        assertThat(options.namespace()).isEqualTo("prod");
        assertThat(options.joins()).containsExactly("culvert://a:1/k/t", "culvert://b:1/k/t");
        assertThat(options.links())
                .isEqualTo(new LinkTerms(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(60), 100));
        assertThat(options.closeTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.toString()).doesNotContain("culvert://a");
    }

    @Test
    void tells_a_value_that_makes_no_sense_when_it_is_given() {
        NodeBuilder builder = Node.builder();
        assertThatThrownBy(() -> builder.name("Edge 7")).hasMessageContaining("'Edge 7'");
        assertThatThrownBy(() -> builder.namespace("-")).hasMessageContaining("namespace '-'");
        assertThatThrownBy(() -> builder.keepAlive(Duration.ofMillis(1))).hasMessageContaining("PT0.001S");
        assertThatThrownBy(() -> builder.retry(Duration.ofSeconds(9), Duration.ofSeconds(5), 1))
                .hasMessageContaining("retryMax: PT5S");
        assertThatThrownBy(() -> builder.retry(Duration.ZERO, Duration.ofSeconds(5), -2))
                .hasMessageContaining("retries: -2");
        assertThatThrownBy(() -> builder.closeTimeout(Duration.ofSeconds(-1))).hasMessageContaining("closeTimeout");
        assertThat(builder.keepAlive(Duration.ZERO).options().links().keepAlive())
                .isZero();
    }
}
