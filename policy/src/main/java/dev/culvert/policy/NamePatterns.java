package dev.culvert.policy;

import java.util.List;

/**
 * A set of whole-name patterns ({@code *} stands for any run of characters, also dots; everything else for itself). <em>Immutable.</em>
 * Matching takes time in proportion to pattern and name, whatever a stranger writes.
 */
public record NamePatterns(List<String> patterns) {
    public static final NamePatterns ALL = new NamePatterns(List.of("*"));
    public static final NamePatterns NONE = new NamePatterns(List.of());

    public NamePatterns {
        patterns = List.copyOf(patterns);
        for (String pattern : patterns) {
            if (pattern.isEmpty() || pattern.chars().anyMatch(c -> c <= ' ' || c == ',' || c == 127)) {
                throw new IllegalArgumentException("name pattern '" + Names.printable(pattern)
                        + "' (expected: a service name in which * stands for anything, such as web or team-*)");
            }
        }
    }

    /** Reads {@code a,b-*}; empty for none. */
    public static NamePatterns parse(String commaSeparated) {
        return commaSeparated.isBlank()
                ? NONE
                : new NamePatterns(List.of(commaSeparated.trim().split("\\s*,\\s*", -1)));
    }

    public boolean matches(String name) {
        for (String pattern : patterns) {
            if (matches(pattern, name)) {
                return true;
            }
        }
        return false;
    }

    /** {@code a,b-*}, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return String.join(",", patterns);
    }

    /** On a mismatch only the last star is stretched: never more than pattern times name steps. */
    private static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
