package dev.culvert.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** One line of the token file. <em>Immutable.</em> Holds the hash, never the token; or a pattern of certificates' names. */
record BearerToken(String name, String hash, Scope scope, long untilMillis) {
    private static final String CERTIFICATE = "cert:";
    static final String PREFIX = "sha256:";
    private static final Pattern HASH = Pattern.compile(PREFIX + "[0-9a-f]{64}");
    private static final Set<String> KEYS = Set.of("namespace", "register", "dial", "ports", "until", "peer");

    static Map<String, BearerToken> parseAll(Path file, List<String> lines) throws IOException {
        Map<String, BearerToken> byName = new LinkedHashMap<>();
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                BearerToken token = parse(file, i + 1, line);
                if (byName.put(token.name(), token) != null || !hashes.add(token.hash())) {
                    throw bad(file, i + 1, "name or token stands twice", "each once");
                }
            }
        }
        return byName;
    }

    private static BearerToken parse(Path file, int line, String text) throws IOException {
        String[] fields = text.split("\\s+");
        boolean certificate = fields.length > 1 && fields[1].startsWith(CERTIFICATE);
        if (fields.length < 2 || !certificate && !HASH.matcher(fields[1]).matches()) {
            throw bad(
                    file,
                    line,
                    "no hash",
                    "NAME " + PREFIX + "64 hexadecimal digits, never the token itself; or NAME " + CERTIFICATE
                            + "edge.example.com");
        }
        if (certificate && fields[1].length() == CERTIFICATE.length()) {
            throw bad(file, line, "no name of a certificate", CERTIFICATE + "edge.example.com or " + CERTIFICATE + "*");
        }
        if (Names.nodeFault(fields[0]) != null) {
            throw bad(file, line, "name '" + Names.printable(fields[0]) + "'", "a-z, 0-9 and hyphens, at most 63");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 2; i < fields.length; i++) {
            String[] setting = fields[i].split("=", 2);
            if (!KEYS.contains(setting[0]) || (setting.length == 1) != setting[0].equals("peer")) {
                throw bad(
                        file,
                        line,
                        "'" + Names.printable(fields[i]) + "'",
                        "namespace=, register=, dial=, ports=, until= or peer");
            }
            settings.put(setting[0], setting[setting.length - 1]);
        }
        try {
            BearerToken token = new BearerToken(fields[0], fields[1], scope(settings), until(settings));
            token.isForCertificate("any", false); // the pattern is one
            return token;
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw bad(
                    file,
                    line,
                    String.valueOf(e.getMessage()),
                    "such as until=2027-01-01T00:00:00Z, ports=20000-20100");
        }
    }

    /** @param exactly whether a star stands for itself */
    boolean isForCertificate(String certificateName, boolean exactly) {
        if (!hash.startsWith(CERTIFICATE)) {
            return false;
        }
        String pattern = hash.substring(CERTIFICATE.length());
        return exactly ? pattern.equals(certificateName) : new NamePatterns(List.of(pattern)).matches(certificateName);
    }

    private static Scope scope(Map<String, String> settings) {
        return new Scope(
                settings.getOrDefault("namespace", Scope.DEFAULT_NAMESPACE),
                NamePatterns.parse(settings.getOrDefault("register", "")),
                NamePatterns.parse(settings.getOrDefault("dial", "")),
                PortRange.parse(settings.getOrDefault("ports", "none")),
                settings.containsKey("peer"));
    }

    private static long until(Map<String, String> settings) {
        String until = settings.get("until");
        return until == null ? Long.MAX_VALUE : Instant.parse(until).toEpochMilli();
    }

    private static IOException bad(Path file, int line, String what, String expected) {
        return new IOException(file + ": line " + line + ": " + what + " (expected: " + expected + ")");
    }
}
