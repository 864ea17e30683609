package dev.culvert.bench;

import java.util.ArrayList;
import java.util.List;

/** A flat JSON object in the making (RFC 8259). Owned by one thread. */
final class JsonLine {
    private final List<String> members = new ArrayList<>();

    JsonLine text(String name, String value) {
        members.add(quoted(name) + ":" + quoted(value));
        return this;
    }

    JsonLine number(String name, double value) {
        members.add(quoted(name) + ":" + value);
        return this;
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return "{" + String.join(",", members) + "}";
    }
}
