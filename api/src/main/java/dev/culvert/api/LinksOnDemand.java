package dev.culvert.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Links that a node makes because it dials. <em>Immutable.</em>
 *
 * @param resolver says which relay to take; null: there are no such links
 * @param idle how long a link is kept that nobody uses: it is closed between once and twice this after its last stream; one minute by
 *     default
 */
public record LinksOnDemand(@Nullable RelayResolver resolver, Duration idle) {
    /** None. */
    public static final LinksOnDemand NONE = new LinksOnDemand(null, Duration.ofMinutes(1));

    public LinksOnDemand {
        if (idle.toMillis() < 1) {
            throw new IllegalArgumentException("idle: " + idle + " (expected: at least 1 ms)");
        }
    }
}
