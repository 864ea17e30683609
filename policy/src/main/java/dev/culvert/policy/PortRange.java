package dev.culvert.policy;

/** Inclusive range of TCP ports; {@link #NONE} holds no port. <em>Immutable.</em> */
public record PortRange(int first, int last) {
    public static final PortRange NONE = new PortRange(1, 0);

    public PortRange {
        boolean none = first == 1 && last == 0;
        if (!none && (first < 1 || last > 65535 || first > last)) {
            throw new IllegalArgumentException(
                    "port range " + first + "-" + last + " (expected: FIRST-LAST within 1-65535)");
        }
    }

    /** Reads {@code 20000-20100}, {@code 8080}, or {@code none}. */
    public static PortRange parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        String[] ends = text.trim().split("-", -1);
        try {
            return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length == 2 ? 1 : 0]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "port range '" + text + "' (expected: FIRST-LAST, one port, or none)", e);
        }
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    public boolean isEmpty() {
        return first > last;
    }

    @Override
    public String toString() {
        return isEmpty() ? "none" : first == last ? Integer.toString(first) : first + "-" + last;
    }
}
