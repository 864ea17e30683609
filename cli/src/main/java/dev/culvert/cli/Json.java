package dev.culvert.cli;

import java.util.List;
import java.util.Map;

/** Writes JSON on one line (RFC 8259), with what is not ASCII escaped. <em>Stateless.</em> */
final class Json {
    private Json() {}

    /** @param value a map, list, text, number, boolean or null */
    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(text, value);
        return text.toString();
    }

    private static void write(StringBuilder text, Object value) {
        if (value instanceof Map<?, ?> map) {
            writeMap(text, map);
        } else if (value instanceof List<?> list) {
            writeList(text, list);
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            quote(text, String.valueOf(value));
        }
    }

    private static void writeMap(StringBuilder text, Map<?, ?> map) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator);
            quote(text, String.valueOf(entry.getKey()));
            text.append(':');
            write(text, entry.getValue());
            separator = ",";
        }
        text.append('}');
    }

    private static void writeList(StringBuilder text, List<?> list) {
        text.append('[');
        String separator = "";
        for (Object value : list) {
            text.append(separator);
            write(text, value);
            separator = ",";
        }
        text.append(']');
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
