package dev.culvert.cli;

import java.util.Base64;

/** Ed25519 public keys as text. <em>Stateless.</em> */
final class PublicKeys {
    private static final int BYTES = 32;

    private PublicKeys() {}

    static String text(byte[] key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /** @param option names where the text stood, for the error */
    static byte[] parse(String option, String text) throws Failure {
        try {
            byte[] key = Base64.getUrlDecoder().decode(text);
            if (key.length == BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw bad(option, text);
        }
        throw bad(option, text);
    }

    private static Failure bad(String option, String text) {
        return Failure.usage(
                option + " '" + text + "': expected the 43 characters that this prints there: culvert invite issuer");
    }
}
