package dev.culvert.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities as people write and read them. <em>Stateless.</em> */
final class Units {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Units() {}

    /** @throws IllegalArgumentException one line: the value and the expectation */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "duration '" + text + "' (expected: a number and ms, s, m, h or d, as 30s)");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** {@code 0 B}, {@code 999 B}, {@code 1.2 MB}; a thousand, not 1,024. */
    static String bytes(long count) {
        double value = count;
        int unit = 0;
        while (value >= 999.5 && unit < SIZES.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, SIZES[unit]);
    }

    /** {@code 0.3 ms}, {@code 12 ms}, {@code 1.5 s}, {@code 5 m}, {@code 3 h}, {@code 2 d}. */
    static String time(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        if (millis < 9.95) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        if (millis < 999.5) {
            return String.format(Locale.ROOT, "%.0f ms", millis);
        }
        if (duration.toSeconds() < 100) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        }
        return duration.toMinutes() < 100
                ? duration.toMinutes() + " m"
                : duration.toHours() < 48 ? duration.toHours() + " h" : duration.toDays() + " d";
    }
}
