package dev.culvert.mux.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** hashicorp/yamux, the origin of the protocol, in Go. Its pings come every 300 ms here. */
final class HashicorpYamuxTest extends ForeignPeerContract {
    private static final Path SOURCE = Path.of("src", "test", "go", "yamuxpeer");
    private static final Path PROGRAM =
            Path.of("target", "interop", "hashicorp-yamux").toAbsolutePath();

    @BeforeAll
    static void build() throws Exception {
        Toolchain.build(SOURCE, List.of("go", "build", "-o", PROGRAM.toString(), "."));
    }

    @Override
    List<String> command(Role ours, int port, String... scenario) {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of("-role", ours == Role.DIALLER ? "server" : "client"));
        command.addAll(List.of("-port", Integer.toString(port)));
        command.addAll(List.of("-keepalive", "300ms", "-close-timeout", "500ms"));
        command.addAll(List.of(scenario));
        return command;
    }
}
