package dev.culvert.api;

import java.util.Map;

/**
 * Which of several nodes that share a service's name a dial tries first; the others follow, as far as a repetition is safe. <em>Immutable.</em>
 * A dial that names its node ({@code edge7.web}) has nothing to select. For all of them, list the nodes and dial each by its name. [OPEN-14]
 *
 * @param rule how to select
 * @param key for {@link Rule#STICKY}: dials with the same key prefer the same node; else empty
 */
public record Selection(Rule rule, String key) {
    /** The header that carries it; without it: {@link #LEAST_IN_FLIGHT}. */
    public static final String HEADER = "culvert-select";

    /** The longest key, in characters. */
    public static final int MAX_KEY = 256;

    /** Of two nodes taken at random among the nearest, the one whose link carries fewer streams. The default. */
    public static final Selection LEAST_IN_FLIGHT = new Selection(Rule.LEAST_IN_FLIGHT, "");

    /** One after the other, near or far. */
    public static final Selection ROUND_ROBIN = new Selection(Rule.ROUND_ROBIN, "");

    /** Over the fewest relays; among those, the shortest round trip. */
    public static final Selection NEAREST = new Selection(Rule.NEAREST, "");

    private static final String KEY_PREFIX = "key:";

    /** How a selection is made. */
    public enum Rule {
        LEAST_IN_FLIGHT("least"),
        ROUND_ROBIN("turn"),
        NEAREST("nearest"),
        STICKY("");

        private final String word;

        Rule(String word) {
            this.word = word;
        }
    }

    public Selection {
        if ((rule == Rule.STICKY) == key.isEmpty()) {
            throw new IllegalArgumentException(
                    "key: '" + key + "' with " + rule + " (expected: a key with STICKY only)");
        }
        if (key.length() > MAX_KEY) {
            throw new IllegalArgumentException(
                    "key: " + key.length() + " characters (expected: at most " + MAX_KEY + ")");
        }
    }

    /**
     * The same node for the same key, as long as it offers the service; when nodes come or go, only the keys of those nodes move.
     *
     * @throws IllegalArgumentException if the key is empty or longer than {@link #MAX_KEY}
     */
    public static Selection sticky(String key) {
        return new Selection(Rule.STICKY, key);
    }

    /** What these headers ask for; what is missing, or not known to this version, is {@link #LEAST_IN_FLIGHT}. */
    public static Selection of(Map<String, String> headers) {
        String value = headers.getOrDefault(HEADER, "");
        if (value.length() > KEY_PREFIX.length()
                && value.length() <= KEY_PREFIX.length() + MAX_KEY
                && value.startsWith(KEY_PREFIX)) {
            return sticky(value.substring(KEY_PREFIX.length()));
        }
        return value.equals(Rule.ROUND_ROBIN.word)
                ? ROUND_ROBIN
                : value.equals(Rule.NEAREST.word) ? NEAREST : LEAST_IN_FLIGHT;
    }

    /** The header's value. */
    public String headerValue() {
        return rule == Rule.STICKY ? KEY_PREFIX + key : rule.word;
    }
}
