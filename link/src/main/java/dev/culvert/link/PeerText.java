package dev.culvert.link;

/** Makes what a peer said fit for a log line and a screen, and for passing on. <em>Stateless.</em> */
public final class PeerText {
    private static final int LONGEST = 500;

    private PeerText() {}

    /** One line without control characters, at most 500 characters. */
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length() && line.length() < LONGEST; i++) {
            char one = text.charAt(i);
            line.append(isPlain(one) ? one : '?');
        }
        return line.toString();
    }

    private static boolean isPlain(char one) {
        int type = Character.getType(one);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
