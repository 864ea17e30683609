package dev.culvert.mux.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The yamux crate of rust-libp2p, which opens with data, pings first and grows its windows. */
final class RustYamuxTest extends ForeignPeerContract {
    private static final Path SOURCE = Path.of("src", "test", "rust", "yamuxpeer");
    private static final Path TARGET = Path.of("target", "interop", "rust").toAbsolutePath();

    @BeforeAll
    static void build() throws Exception {
        Toolchain.build(SOURCE, List.of("cargo", "build", "--locked", "--quiet", "--target-dir", TARGET.toString()));
    }

    @Override
    List<String> command(Role ours, int port, String... scenario) {
        List<String> command = new ArrayList<>();
        command.add(TARGET.resolve("debug").resolve("yamuxpeer").toString());
        command.add(ours == Role.DIALLER ? "server" : "client");
        command.add(Integer.toString(port));
        command.addAll(List.of(scenario));
        return command;
    }
}
