package dev.culvert.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The examples of {@code docs/vectors/stream-messages.txt}. <em>Immutable.</em> */
record MessageVectors(String name, byte[] wire, List<byte[]> messages, boolean ours, String fault) {
    private static final Path FILE = Path.of("..", "docs", "vectors", "stream-messages.txt");

    static List<MessageVectors> all() throws IOException {
        List<MessageVectors> all = new ArrayList<>();
        for (String block : Files.readString(FILE, UTF_8).split("\n\n")) {
            if (!block.startsWith("#")) {
                all.add(parse(block));
            }
        }
        return all;
    }

    private static MessageVectors parse(String block) {
        String name = "";
        String fault = "";
        boolean ours = false;
        byte[] wire = {};
        List<byte[]> messages = new ArrayList<>();
        for (String line : block.strip().split("\n")) {
            String value = line.substring(10);
            switch (line.substring(0, 10).strip()) {
                case "name" -> name = value;
                case "fault" -> fault = value;
                case "ours" -> ours = true;
                case "wire" -> wire = bytes(value);
                case "message" -> messages.add(bytes(value));
                case "rule" -> {}
                default -> throw new IllegalArgumentException(line);
            }
        }
        return new MessageVectors(name, wire, messages, ours, fault);
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Override
    public String toString() {
        return name;
    }
}
