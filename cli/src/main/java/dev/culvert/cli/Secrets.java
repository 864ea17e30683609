package dev.culvert.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Long-lived secrets that a command is given: in files, never in arguments. <em>Stateless.</em> */
final class Secrets {
    private Secrets() {}

    /** @param whose for the error */
    static String firstLine(String whose, String file) throws Failure {
        try {
            List<String> lines = Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
            if (lines.isEmpty() || lines.get(0).isEmpty()) {
                throw Failure.usage(whose + ": " + file + " is empty (expected: the password in its first line)");
            }
            return lines.get(0);
        } catch (IOException | InvalidPathException e) {
            throw Failure.usage(whose + ": " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "); expected: a file with the password in its first line");
        }
    }
}
