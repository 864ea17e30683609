package dev.culvert.mux.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * One vector: lines of a key and a value, in their order. <em>Immutable.</em> A file holds several, with an empty line between them and
 * comments behind {@code #}.
 */
public record Vector(List<Line> lines) {
    private record Line(String key, String value) {}

    /** All vectors of a file in {@code docs/vectors}; a test runs in the folder of its module. */
    public static Stream<Vector> file(String name) {
        Path file = Path.of("..", "docs", "vectors", name);
        List<Vector> vectors = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        for (String line : read(file)) {
            if (line.isBlank()) {
                end(lines, vectors);
            } else if (!line.startsWith("#")) {
                String[] parts = line.split(" +", 2);
                lines.add(new Line(parts[0], parts.length < 2 ? "" : parts[1]));
            }
        }
        end(lines, vectors);
        return vectors.stream();
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(List<Line> lines, List<Vector> vectors) {
        if (!lines.isEmpty()) {
            vectors.add(new Vector(List.copyOf(lines)));
            lines.clear();
        }
    }

    /** All values of a key, in their order. */
    public List<String> all(String key) {
        return lines.stream()
                .filter(line -> line.key().equals(key))
                .map(Line::value)
                .toList();
    }

    public boolean has(String key) {
        return !all(key).isEmpty();
    }

    /** The only value of a key. */
    public String one(String key) {
        List<String> values = all(key);
        if (values.size() != 1) {
            throw new AssertionError(this + ": " + values.size() + " values of " + key + " (expected: one)");
        }
        return values.get(0);
    }

    public long number(String key) {
        return Long.parseLong(one(key));
    }

    /** All values of a key together, as bytes. */
    public byte[] bytes(String key) {
        return bytes(all(key));
    }

    /** Bytes that are written in hexadecimal, with spaces or without. */
    public static byte[] bytes(List<String> hex) {
        return HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
    }

    @Override
    public String toString() {
        return one("name");
    }
}
