package dev.culvert.node;

import java.util.regex.Pattern;

/** What the operating system said of a socket, without the names of calls and numbers around it. <em>Stateless.</em> */
final class SystemFault {
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed( with error\\(-?\\d+\\))?: ");
    private static final Pattern ADDRESS = Pattern.compile(": \\S*/\\S*$");

    private SystemFault() {}

    /** {@code Connection refused}: the caller names the address in words of its own. */
    static String text(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return ADDRESS.matcher(CALL.matcher(message).replaceFirst("")).replaceFirst("");
    }
}
