package dev.culvert.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 300ms}, {@code 1.5s}, {@code 1m30s}. <em>Stateless.</em> Pure. */
final class GoDuration {
    private static final Pattern PART =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern NONE = Pattern.compile("-.{1,39}|0|(0+(\\.0*)?(ns|us|µs|μs|ms|s|m|h))+");
    private static final int LONGEST = 40;
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** @throws IllegalArgumentException one line: the value and the expectation; also for zero and less */
    static Duration parse(String text) {
        Matcher part = PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (text.length() <= LONGEST && end < text.length() && part.find(end) && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
            end = part.end();
        }
        if (text.isEmpty() || end < text.length() || nanos.signum() <= 0) {
            throw new IllegalArgumentException("'" + text + "' (expected: a duration as 1.5s, 300ms or 1m30s)");
        }
        return Duration.ofNanos(nanos.min(MOST).longValue());
    }

    /** Whether it is zero or less, which for backstream means: no limit. */
    static boolean isNone(String text) {
        return NONE.matcher(text).matches();
    }

    private static long unit(String name) {
        Long nanos = NANOS.get(name);
        if (nanos == null) {
            throw new IllegalStateException("unit " + name + " matches and has no value");
        }
        return nanos;
    }

    /** Whole milliseconds, at least one, since that is as fine as a deadline travels. */
    static String print(long nanos) {
        return Math.max(1, nanos / 1_000_000) + "ms";
    }
}
