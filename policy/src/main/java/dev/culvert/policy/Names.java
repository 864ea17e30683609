package dev.culvert.policy;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of names: what a node, a namespace and a service may be called. <em>Stateless.</em> The {@code ...Fault} methods answer
 * null for a lawful name, else a line that is safe to print.
 */
public final class Names {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int MAX_ADDRESSABLE = 128;
    private static final int MAX_SERVICE_BYTES = 255;
    private static final int MAX_PRINTED = 64;

    private Names() {}

    /** Node names: lower case letters, digits and inner hyphens, at most 63. */
    public static @Nullable String nodeFault(String name) {
        if (!LABEL.matcher(name).matches()) {
            return "node name '" + printable(name)
                    + "' (expected: at most 63 of a-z, 0-9 and hyphens, none first or last)";
        }
        if (name.equals("localhost") || name.startsWith("xn--")) {
            return "node name '" + name + "' is reserved (expected: another name)";
        }
        return null;
    }

    /** Namespaces follow the rule of node names. */
    public static @Nullable String namespaceFault(String name) {
        return LABEL.matcher(name).matches()
                ? null
                : "namespace '" + printable(name)
                        + "' (expected: at most 63 of a-z, 0-9 and hyphens, none first or last)";
    }

    /**
     * Service names: UTF-8 of 1 to 255 bytes; {@code $} and {@code :} are reserved as first characters; characters that are invisible,
     * and names that look like another name in another script, are refused.
     */
    public static @Nullable String serviceFault(String name) {
        if (isAddressable(name)) {
            return null;
        }
        String reason = serviceReason(name);
        return reason == null ? null : "service name '" + printable(name) + "' " + reason;
    }

    /** Whether text and URLs can address the service: the characters of node names, dots and underscores, at most 128. */
    public static boolean isAddressable(String service) {
        int last = service.length() - 1;
        if (last < 0
                || last >= MAX_ADDRESSABLE
                || !isAlphanumeric(service.charAt(0))
                || !isAlphanumeric(service.charAt(last))) {
            return false;
        }
        // every dial asks, and an expression takes ten times as long
        for (int i = 1; i < last; i++) {
            char c = service.charAt(i);
            if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    /** A name from elsewhere, cut and with everything that could disturb a terminal or a log replaced. */
    public static String printable(String name) {
        StringBuilder safe = new StringBuilder();
        name.codePoints()
                .limit(MAX_PRINTED)
                .forEach(c -> safe.appendCodePoint(Confusables.isVisible(c) || c == ' ' ? c : '?'));
        return name.codePointCount(0, name.length()) > MAX_PRINTED
                ? safe.append("...").toString()
                : safe.toString();
    }

    static void requireNamespace(String namespace) {
        String fault = namespaceFault(namespace);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
    }

    private static @Nullable String serviceReason(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_SERVICE_BYTES) {
            return "has " + bytes + " bytes (expected: 1 to " + MAX_SERVICE_BYTES + ")";
        }
        if (name.charAt(0) == '$' || name.charAt(0) == ':') {
            return "is reserved (expected: a name that does not begin with '" + name.charAt(0) + "')";
        }
        if (name.codePoints().anyMatch(c -> !Confusables.isVisible(c) && c != ' ') || !name.equals(name.strip())) {
            return "has an invisible character (expected: visible ones, spaces only between them)";
        }
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFKC)) {
            return "has a character that looks like another (expected: Unicode normal form NFKC)";
        }
        return Confusables.mixesScripts(name)
                ? "can be taken for a name in another script (expected: letters of one script)"
                : null;
    }
}
