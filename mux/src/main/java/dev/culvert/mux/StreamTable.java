package dev.culvert.mux;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a session by id: open addressing over one array, four to sixteen bytes a stream, no entry objects. Owned by
 * its session's event loop. The hash spreads ids, since the peer chooses half of them.
 */
final class StreamTable {
    private static final int SMALLEST = 16;
    private static final int GOLDEN = 0x9E3779B9;

    private @Nullable MuxStream[] slots = new @Nullable MuxStream[SMALLEST];
    private int shift = Integer.numberOfLeadingZeros(SMALLEST) + 1;
    private int size;

    int size() {
        return size;
    }

    @Nullable
    MuxStream get(int id) {
        int mask = slots.length - 1;
        for (int i = home(id); ; i = i + 1 & mask) {
            MuxStream stream = slots[i];
            if (stream == null || stream.id() == id) {
                return stream;
            }
        }
    }

    /** Adds a stream whose id is not in the table. */
    void put(MuxStream stream) {
        if ((size + 1) * 4L > slots.length * 3L) {
            resize(slots.length * 2);
        }
        insert(stream);
        size++;
    }

    void remove(int id) {
        int mask = slots.length - 1;
        int i = home(id);
        MuxStream stream = slots[i];
        while (stream != null && stream.id() != id) {
            i = i + 1 & mask;
            stream = slots[i];
        }
        if (stream == null) {
            return;
        }
        size--;
        closeGap(i, mask);
        if (slots.length > SMALLEST && size * 8L < slots.length) {
            resize(slots.length / 2);
        }
    }

    /** Visits each stream that was there at the beginning; the visitor may change the table. */
    void forEach(Consumer<MuxStream> visitor) {
        for (MuxStream stream : slots.clone()) {
            if (stream != null) {
                visitor.accept(stream);
            }
        }
    }

    private void closeGap(int gap, int mask) {
        int hole = gap;
        slots[hole] = null;
        for (int i = hole + 1 & mask; ; i = i + 1 & mask) {
            MuxStream stream = slots[i];
            if (stream == null) {
                return;
            }
            int home = home(stream.id());
            if ((i - home & mask) >= (i - hole & mask)) {
                slots[hole] = stream;
                slots[i] = null;
                hole = i;
            }
        }
    }

    private void insert(MuxStream stream) {
        int mask = slots.length - 1;
        int i = home(stream.id());
        while (slots[i] != null) {
            i = i + 1 & mask;
        }
        slots[i] = stream;
    }

    private void resize(int capacity) {
        @Nullable MuxStream[] before = slots;
        slots = new @Nullable MuxStream[capacity];
        shift = Integer.numberOfLeadingZeros(capacity) + 1;
        for (MuxStream stream : before) {
            if (stream != null) {
                insert(stream);
            }
        }
    }

    private int home(int id) {
        return id * GOLDEN >>> shift;
    }
}
