package dev.culvert.gateway;

/** Strings in JSON. <em>Stateless.</em> */
final class JsonText {
    private JsonText() {}

    /** Appends {@code ,"name":"value"}. */
    static void field(StringBuilder json, String name, String value) {
        json.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                default -> plain(json, c);
            }
        }
        json.append('"');
    }

    /** What is no plain ASCII is escaped, so that a line stays a line for whoever reads it. */
    private static void plain(StringBuilder json, char c) {
        if (c < ' ' || c > '~') {
            json.append(String.format("\\u%04x", (int) c));
        } else {
            json.append(c);
        }
    }
}
