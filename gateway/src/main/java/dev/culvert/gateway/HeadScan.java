package dev.culvert.gateway;

import org.jspecify.annotations.Nullable;

/**
 * Looks at the bytes of a head for what parsers read in different ways, and the codec forgives: folded lines, and first lines with more
 * than one space or with another separator. Owned by its decoder. Pure. RFC 9112, 3 and 5.2
 */
final class HeadScan {
    private final boolean request;
    private boolean firstLine = true;
    private boolean lineBegins = true;
    private int spaces;
    private int column;
    private byte last;
    private @Nullable String fault;

    /** @param request first lines have exactly two single spaces; else the first line may be anything */
    HeadScan(boolean request) {
        this.request = request;
    }

    /** A new message begins. */
    void reset(boolean withFirstLine) {
        firstLine = withFirstLine;
        lineBegins = true;
        spaces = 0;
        column = 0;
        last = 0;
        fault = null;
    }

    /** The next byte; true, so that a buffer can be walked with it. */
    boolean scan(byte next) {
        if (firstLine && request) {
            scanFirst(next);
        } else if (lineBegins && !firstLine && (next == ' ' || next == '\t')) {
            fail("a header line that begins with a space (folded lines are obsolete)");
        }
        lineBegins = next == '\n';
        if (lineBegins && column > 0) {
            firstLine = false;
        }
        column = lineBegins ? 0 : column + (next == '\r' ? 0 : 1);
        last = next;
        return true;
    }

    private void scanFirst(byte next) {
        if (next == ' ') {
            spaces++;
            if (last == ' ' || column == 0 || spaces > 2) {
                fail("a request line with more than two spaces");
            }
        } else if (next >= 0 && next < ' ' && next != '\r' && next != '\n'
                || next == 0x7f
                || last == '\r' && next != '\n') {
            fail("a request line with a control character");
        } else if (next == '\n' && column > 0 && spaces != 2) {
            fail("a request line without two spaces");
        }
    }

    private void fail(String text) {
        if (fault == null) {
            fault = text;
        }
    }

    /** What is wrong so far; null: nothing. */
    @Nullable
    String fault() {
        return fault;
    }
}
