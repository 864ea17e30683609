package dev.culvert.gateway;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was used last, by a key; of too many the one that was not used for longest is forgotten. Owned by its holder. */
final class Recent<V> {
    private final int most;
    private final Map<String, V> values = new LinkedHashMap<>(16, 0.75f, true);

    Recent(int most) {
        this.most = most;
    }

    /** Null: unknown, or forgotten. */
    @Nullable
    V get(String key) {
        return values.get(key);
    }

    void put(String key, V value) {
        values.put(key, value);
        if (values.size() > most) {
            Iterator<String> oldest = values.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    int size() {
        return values.size();
    }
}
