package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {
    @Test
    void a_port_alone_is_loopback() {
        assertThat(Target.parse("8080")).isEqualTo(new Target.Tcp("127.0.0.1", 8080));
        assertThat(Target.parse("db.local:5432")).isEqualTo(new Target.Tcp("db.local", 5432));
        assertThat(Target.parse("[::1]:80"))
                .isEqualTo(new Target.Tcp("::1", 80))
                .hasToString("[::1]:80");
        assertThat(Target.parse("https://web.local:8443/"))
                .isEqualTo(new Target.Https(new Target.Tcp("web.local", 8443)))
                .hasToString("https://web.local:8443");
        assertThat(Target.parse("https://[::1]")).isEqualTo(new Target.Https(new Target.Tcp("::1", 443)));
        assertThat(Target.parse("http://web.local")).isEqualTo(new Target.Tcp("web.local", 80));
        assertThat(Target.parse("unix:/run/x.sock")).isEqualTo(new Target.Unix(Path.of("/run/x.sock")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "host:",
                ":80",
                "host:70000",
                "::1:80",
                "unix:",
                "host:-1",
                "https://",
                "https://host/path",
                "https://a@host",
                "ftp://host:1",
                "http://host:1?x"
            })
    void other_text_is_refused(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target '" + text + "'")
                .hasMessageContaining("unix:/path");
    }
}
