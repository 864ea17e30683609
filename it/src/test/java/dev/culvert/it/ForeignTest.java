package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The Go node by itself: it builds, is formatted, passes vet, and says what is wrong with what it is given. */
@ExtendWith(Foreign.class)
final class ForeignTest {
    @TempDir
    private static Path directory;

    private static Path program;

    @BeforeAll
    static void build() {
        program = Foreign.buildInto(directory);
    }

    @Test
    void is_formatted_and_passes_vet() {
        Foreign.check();
    }

    @Test
    void refuses_what_is_no_join_string() {
        Shell.Result result =
                Shell.run(List.of("env", "CULVERT_JOIN=culvert://relay:7443", program.toString(), "dial", "web"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("expected: culvert://HOST:PORT/KEY/TOKEN");
    }
}
