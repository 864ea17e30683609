package dev.culvert.http2;

import java.util.regex.Pattern;

/**
 * The name that a reversed connection says first, before TLS and HTTP/2. <em>Immutable.</em> An announced name is a claim; where it matters
 * who a peer is, let it prove its identity by a TLS client certificate ({@link PrefaceTls#provingIdentities}).
 *
 * @param name up to 63 letters, digits, dots, dashes and underscores; empty: none
 * @param bare whether the bytes of the name are all that is sent, as Prog does with {@code EVA} and {@code ELA}; the listener must know such names
 *     ({@link PrefaceOptions#bareNames}). Else it is a line of its own, and any name will do
 */
public record Announcement(String name, boolean bare) {
    static final int LONGEST = 63;
    private static final Pattern PERMITTED = Pattern.compile("[A-Za-z0-9._-]{0," + LONGEST + "}");

    /** Nothing is announced: the peer is one of any. */
    public static final Announcement NONE = new Announcement("", true);

    public Announcement {
        if (!PERMITTED.matcher(name).matches()) {
            throw new IllegalArgumentException("name: '" + name + "' (expected: up to " + LONGEST
                    + " letters, digits, dots, dashes or underscores)");
        }
        if (bare && !name.isEmpty() && FirstBytes.isAmbiguous(name)) {
            throw new IllegalArgumentException("name: '" + name
                    + "' (expected: a bare name that no HTTP/2 preface, HTTP/1 method or TLS record begins with)");
        }
        if (!bare && name.isEmpty()) {
            throw new IllegalArgumentException("name: '' (expected: at least one character)");
        }
    }

    /** Announced as a line: {@code REVERSE name}. */
    public static Announcement of(String name) {
        return new Announcement(name, false);
    }

    /** Announced by the bytes of the name alone. */
    public static Announcement bare(String name) {
        return new Announcement(name, true);
    }

    static boolean permits(char c) {
        return c < 128 && PERMITTED.matcher(String.valueOf(c)).matches();
    }

    /** What is sent; nothing for {@link #NONE}. */
    byte[] bytes() {
        return FirstBytes.ascii(bare ? name : "REVERSE " + name + "\n");
    }
}
