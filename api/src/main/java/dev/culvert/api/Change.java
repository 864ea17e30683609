package dev.culvert.api;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a {@link LiveMap} that is not as it was. <em>Immutable.</em>
 *
 * @param before null: there was none
 * @param now null: there is none any more
 */
public record Change<K, V>(
        K key, @Nullable V before, @Nullable V now) {
    public boolean isNew() {
        return before == null;
    }

    public boolean isGone() {
        return now == null;
    }
}
