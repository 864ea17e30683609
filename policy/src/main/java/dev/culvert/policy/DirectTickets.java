package dev.culvert.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a node gives to those who reached it through a relay, so that they may reach it without: short-lived, good for one principal and
 * namespace, and for one service or for a link. Any thread. Nobody but the node itself makes or reads them; they end with its process.
 * [DIRECT-3] [DIRECT-5]
 */
public final class DirectTickets {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;

    private final byte[] secret = new byte[MAC_BYTES];
    private final LongSupplier nowMillis;
    private final long lifeMillis;

    /** @param nowMillis elapsed time, from any beginning */
    public DirectTickets(SecureRandom random, LongSupplier nowMillis, long lifeMillis) {
        random.nextBytes(secret);
        this.nowMillis = nowMillis;
        this.lifeMillis = lifeMillis;
    }

    /** How long a ticket is good. */
    public long lifeMillis() {
        return lifeMillis;
    }

    /** For a link. */
    public byte[] forLink(Principal principal, String namespace) {
        return make(principal.id(), namespace, "", "link");
    }

    /** For streams to a service, by its name or virtual port. */
    public byte[] forService(Principal principal, String namespace, String service, int port) {
        return make(principal.id(), namespace, Integer.toUnsignedString(port), "service " + service);
    }

    /** How many milliseconds a link's ticket is still good; 0 or less: it is not. */
    public long leftForLink(byte[] ticket, Principal principal, String namespace) {
        return left(ticket, principal.id(), namespace, "", "link");
    }

    /** As {@link #leftForLink}, for streams to a service. */
    public long leftForService(byte[] ticket, Principal principal, String namespace, String service, int port) {
        return left(ticket, principal.id(), namespace, Integer.toUnsignedString(port), "service " + service);
    }

    private byte[] make(String... words) {
        return make(nowMillis.getAsLong() + lifeMillis, words);
    }

    private byte[] make(long untilMillis, String... words) {
        return ByteBuffer.allocate(Long.BYTES + MAC_BYTES)
                .putLong(untilMillis)
                .put(mac(untilMillis, words))
                .array();
    }

    private long left(byte[] ticket, String... words) {
        if (ticket.length != Long.BYTES + MAC_BYTES) {
            return 0;
        }
        long untilMillis = ByteBuffer.wrap(ticket).getLong();
        byte[] mac = Arrays.copyOfRange(ticket, Long.BYTES, ticket.length);
        return MessageDigest.isEqual(mac, mac(untilMillis, words)) ? untilMillis - nowMillis.getAsLong() : 0;
    }

    private byte[] mac(long untilMillis, String... words) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(untilMillis).array());
            for (String word : words) {
                byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every JDK", e);
        }
    }
}
