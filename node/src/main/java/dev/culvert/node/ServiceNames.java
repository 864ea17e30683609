package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which service names a relay takes: none that is reserved, and none that looks like another. <em>Stateless.</em> [CTRL-3]
 */
final class ServiceNames {
    /** Names that begin with this belong to the protocol. [OPEN-13] */
    static final String RESERVED = "$";

    private static final Set<UnicodeScript> ALIKE = EnumSet.of(
            UnicodeScript.LATIN,
            UnicodeScript.CYRILLIC,
            UnicodeScript.GREEK,
            UnicodeScript.ARMENIAN,
            UnicodeScript.CHEROKEE);

    private ServiceNames() {}

    static Outcome check(Offer offer) {
        String name = offer.service();
        if (name.isEmpty()) {
            return offer.port() != 0
                    ? Outcome.OK
                    : new Outcome(ErrorCode.PROTOCOL, "a registration without name and port (expected: one of them)");
        }
        if (name.startsWith(RESERVED)) {
            return new Outcome(
                    ErrorCode.DENIED, "'" + name + "' is reserved (names with $ in front belong to the protocol)");
        }
        try {
            Address.requireServiceName(name);
        } catch (IllegalArgumentException e) {
            return new Outcome(ErrorCode.TOO_LARGE, String.valueOf(e.getMessage()));
        }
        return isConfusable(name)
                ? new Outcome(
                        ErrorCode.DENIED,
                        "'" + name + "' looks like another name (expected: letters of one script, no "
                                + "invisible and no compatibility characters)")
                : Outcome.OK;
    }

    private static boolean isConfusable(String name) {
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFKC)
                || !name.strip().equals(name)) {
            return true;
        }
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        for (int c : name.codePoints().toArray()) {
            int type = Character.getType(c);
            if (type == Character.FORMAT || type == Character.PRIVATE_USE || type == Character.UNASSIGNED) {
                return true;
            }
            UnicodeScript script = UnicodeScript.of(c);
            if (ALIKE.contains(script)) {
                scripts.add(script);
            }
        }
        return scripts.size() > 1;
    }
}
