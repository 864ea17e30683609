package dev.culvert.cli;

import dev.culvert.node.CulvertNode;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Where the process starts: reads its surroundings, runs one command, ends with its exit code. <em>Stateless.</em> */
public final class Main {
    private Main() {}

    /** Ends the process. */
    public static void main(String[] args) {
        int exitCode = new CommandTree(surroundings()).run(args);
        System.exit(exitCode);
    }

    private static Surroundings surroundings() {
        return new Surroundings(
                System.getenv(),
                new FileInputStream(FileDescriptor.in),
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                isTerminal(System.console()),
                Clock.systemUTC(),
                new SignalInterrupts(),
                (config, listener) -> new LiveNode(CulvertNode.start(config, listener)));
    }

    /** From JDK 22 on there is a console also where nobody sits at it; it can be asked then. */
    private static boolean isTerminal(@org.jspecify.annotations.Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return true; // before JDK 22
        }
    }
}
