package dev.culvert.link.transport;

import org.jspecify.annotations.Nullable;

/** Looks down the chain of causes of a failed connection. <em>Stateless.</em> Pure. */
public final class Causes {
    private Causes() {}

    /** The first of this type from the top; null: none. */
    public static <T extends Throwable> @Nullable T find(Class<T> type, @Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }

    /** Where it began. */
    public static Throwable deepest(Throwable cause) {
        Throwable each = cause;
        while (each.getCause() != null) {
            each = each.getCause();
        }
        return each;
    }

    /** What it says, or else what it is. */
    public static String text(@Nullable Throwable cause) {
        if (cause == null) {
            return "unknown";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
