package dev.culvert.policy;

import java.util.List;

/** A set of whole-name patterns ({@code *} stands for any run of characters, also dots). <em>Immutable.</em> */
public record NamePatterns(List<String> patterns) {
    public static final NamePatterns ALL = new NamePatterns(List.of("*"));
    public static final NamePatterns NONE = new NamePatterns(List.of());

    public boolean matches(String name) {
        throw new UnsupportedOperationException();
    }
}
