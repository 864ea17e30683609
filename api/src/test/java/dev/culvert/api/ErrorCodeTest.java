package dev.culvert.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ErrorCodeTest {
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([A-Z_]+) \\| (yes|no) \\|.*");

    @Test
    void the_codes_are_those_of_the_protocol() throws IOException {
        List<String> table = Files.readAllLines(Path.of("../docs/protocol.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
                .toList();
        assertThat(Arrays.stream(ErrorCode.values())
                        .map(code -> code.number() + " " + code + " " + (code.retryHelps() ? "yes" : "no")))
                .containsExactlyElementsOf(table);
    }

    @Test
    void a_number_of_a_later_version_is_internal_and_an_applications_is_cancelled() {
        assertThat(ErrorCode.of(ErrorCode.FIRST_APPLICATION_CODE - 1)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(ErrorCode.of(ErrorCode.FIRST_APPLICATION_CODE)).isEqualTo(ErrorCode.CANCELLED);
    }
}
