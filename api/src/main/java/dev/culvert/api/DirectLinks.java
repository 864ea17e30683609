package dev.culvert.api;

import java.util.ArrayList;
import java.util.List;

/**
 * Links between two nodes that a relay has brought together. <em>Immutable.</em> Both ends must want them.
 *
 * @param addresses where this node takes them: numeric {@code host:port}, at most four, of a port that it {@linkplain NodeBuilder#listen
 *     listens} on; none: it does not
 * @param ranges where this node may be told to link to, such as {@code 10.0.0.0/8}; none: nowhere
 */
public record DirectLinks(List<String> addresses, List<String> ranges) {
    /** None, in neither direction. */
    public static final DirectLinks NONE = new DirectLinks(List.of(), List.of());

    public DirectLinks {
        addresses = List.copyOf(addresses);
        ranges = List.copyOf(ranges);
    }

    /** One more address. */
    public DirectLinks withAddress(String address) {
        return new DirectLinks(plus(addresses, address), ranges);
    }

    /** One more range. */
    public DirectLinks withRange(String range) {
        return new DirectLinks(addresses, plus(ranges, range));
    }

    private static List<String> plus(List<String> list, String more) {
        List<String> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
