package dev.culvert.node.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who may use a proxy, by name and password (RFC 1929, RFC 7617). <em>Immutable.</em> Passwords are kept as hashes. */
public final class ProxyUsers {
    /** Nobody is asked. */
    public static final ProxyUsers ANYBODY = new ProxyUsers(Map.of());

    private static final String BASIC = "basic ";

    private final Map<String, byte[]> passwords;

    private ProxyUsers(Map<String, byte[]> passwords) {
        this.passwords = passwords;
    }

    /**
     * Reads lines of the form {@code name:password}; empty ones and those that begin with {@code #} count for nothing.
     *
     * @throws IllegalArgumentException one line: where, and the expectation; never a password
     */
    public static ProxyUsers parse(List<String> lines) {
        Map<String, byte[]> passwords = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int colon = line.indexOf(':');
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (colon < 1 || colon == line.length() - 1) {
                throw new IllegalArgumentException("line " + (i + 1) + " (expected: name:password)");
            }
            passwords.put(line.substring(0, colon), hash(line.substring(colon + 1)));
        }
        if (passwords.isEmpty()) {
            throw new IllegalArgumentException("no users (expected: lines of the form name:password)");
        }
        return new ProxyUsers(Map.copyOf(passwords));
    }

    /** Whether a name and password must be given. */
    public boolean areAsked() {
        return !passwords.isEmpty();
    }

    /** Takes the same time whether the name or the password is wrong. */
    boolean admit(String name, String password) {
        byte[] expected = passwords.getOrDefault(name, hash(""));
        boolean same = MessageDigest.isEqual(expected, hash(password));
        return !areAsked() || same && passwords.containsKey(name);
    }

    /** @param authorization value of the header Proxy-Authorization; empty: none was sent */
    boolean admit(String authorization) {
        if (!areAsked()) {
            return true;
        }
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return false;
        }
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String both = new String(bytes, StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return colon >= 0 && admit(both.substring(0, colon), both.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return false; // not Base64
        }
    }

    private static byte[] hash(String password) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
