package dev.culvert.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line that a child printed: a word, for {@code at} also a phase, and figures as {@code name=number}. Whatever is not a number
 * is left out. <em>Immutable.</em>
 */
record Line(String word, String phase, Map<String, Double> figures) {
    static Line parse(String text) {
        String[] parts = text.trim().split("\\s+");
        Map<String, Double> figures = new LinkedHashMap<>();
        String phase = "";
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 0) {
                phase = parts[i];
            } else if (parts[i].substring(equals + 1).matches("-?[0-9]+([.][0-9]+)?")) {
                figures.put(parts[i].substring(0, equals), Double.valueOf(parts[i].substring(equals + 1)));
            }
        }
        return new Line(parts[0], phase, figures);
    }
}
