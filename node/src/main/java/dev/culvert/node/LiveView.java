package dev.culvert.node;

import dev.culvert.api.Changes;
import dev.culvert.api.LiveMap;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A map that one loop writes and any thread reads, with or without waiting. A writer never waits for a reader: it leaves each a note of the
 * key.
 */
final class LiveView<K, V> implements LiveMap<K, V> {
    private final ConcurrentSkipListMap<K, V> entries;
    private final List<ChangeReader<K, V>> readers = new CopyOnWriteArrayList<>();
    private final Owner owner;
    private volatile boolean closed;

    /** Who fills it. */
    interface Owner {
        /** Refuses event loops. */
        void requireThreadThatMayWait();

        /** Blocks. */
        boolean awaitComplete(Duration timeout) throws IOException;

        /** Nobody wants it any more. Any thread. */
        void onClose();
    }

    LiveView(Comparator<? super K> order, Owner owner) {
        this.entries = new ConcurrentSkipListMap<>(order);
        this.owner = owner;
    }

    /** How an entry stands now; null: it is gone. On the owner's loop. */
    void put(K key, @Nullable V value) {
        if (closed) {
            return;
        }
        V before = value == null ? entries.remove(key) : entries.put(key, value);
        if (value == null ? before != null : !value.equals(before)) {
            readers.forEach(reader -> reader.note(key));
        }
        if (closed) {
            entries.clear(); // it was closed meanwhile, by another thread
        }
    }

    @Nullable
    V get(K key) {
        return entries.get(key);
    }

    void requireThreadThatMayWait() {
        owner.requireThreadThatMayWait();
    }

    @Override
    public Map<K, V> map() {
        return Collections.unmodifiableMap(entries);
    }

    @Override
    public Changes<K, V> changes() {
        ChangeReader<K, V> reader = new ChangeReader<>(this);
        readers.add(reader); // before the look, so that nothing falls between the two
        entries.keySet().forEach(reader::note);
        if (closed) {
            reader.close();
        }
        return reader;
    }

    void remove(ChangeReader<K, V> reader) {
        readers.remove(reader);
    }

    @Override
    public boolean awaitComplete(Duration timeout) throws IOException {
        return !closed && owner.awaitComplete(timeout) && !closed;
    }

    @Override
    public void close() {
        if (end()) {
            owner.onClose();
        }
    }

    /** Ends it without a word to the owner. False: it had ended. Any thread. */
    boolean end() {
        boolean first = !closed;
        closed = true;
        entries.clear();
        readers.forEach(ChangeReader::close);
        return first;
    }
}
