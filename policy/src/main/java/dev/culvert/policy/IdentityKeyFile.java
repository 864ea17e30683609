package dev.culvert.policy;

import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an identity key is written: PKCS#8 in PEM, which openssl reads, with the public key in front so that damage is noticed.
 * <em>Stateless.</em>
 */
final class IdentityKeyFile {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+?)\\s+-----END PRIVATE KEY-----");
    private static final Pattern PUBLIC = Pattern.compile("(?m)^Public-Key: (\\S+)\\s*$");

    private IdentityKeyFile() {}

    static String print(byte[] seed) {
        return "Culvert identity key. Whoever reads this file can be this node.\n"
                + "Public-Key: " + Digests.base64(Ed25519.publicKey(seed)) + "\n"
                + "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder().encodeToString(Ed25519.pkcs8(seed)) + "\n"
                + "-----END PRIVATE KEY-----\n";
    }

    /** @throws IllegalArgumentException says what is wrong, without the content */
    static byte[] parse(String text) {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new IllegalArgumentException("no complete PRIVATE KEY block");
        }
        byte[] seed = Ed25519.seed(decode(pem.group(1).replaceAll("\\s", "")));
        Matcher stated = PUBLIC.matcher(text);
        if (stated.find() && !Arrays.equals(decodeUrl(stated.group(1)), Ed25519.publicKey(seed))) {
            throw new IllegalArgumentException("the private key does not belong to the public key above it");
        }
        return seed;
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the PRIVATE KEY block is not base64");
        }
    }

    private static byte[] decodeUrl(String base64) {
        try {
            return Digests.fromBase64(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the public key is not base64");
        }
    }
}
