package dev.culvert.link;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Identity;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.policy.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Hello is well formed, signed for this relay and of this time. <em>Immutable.</em> Any thread; takes as long as one signature
 * check. [LINK-13] [LINK-15] [LINK-20] [LINK-21] [LINK-22]
 */
final class HelloCheck {
    /** How far the clocks of the two ends may differ. */
    static final long TOLERANCE_MILLIS = 300_000;

    static final int VERSION = 1;

    private static final Parser<Hello> PARSER = DiscardUnknownFieldsParser.wrap(Hello.parser());
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;
    private static final int LONGEST_NAMESPACE = 255;

    private final IdentityKey relay;
    private final long bootMillis;

    /** @param bootMillis when this relay started: it may have forgotten what it was told before */
    HelloCheck(IdentityKey relay, long bootMillis) {
        this.relay = relay;
        this.bootMillis = bootMillis;
    }

    /** The answer. */
    sealed interface Result {}

    /** @param key that signed; null if none did */
    record Sound(Hello hello, byte @Nullable [] key, byte[] nonce) implements Result {}

    record Unsound(Refusal refusal) implements Result {}

    Result check(SignedHello signed, long nowMillis) {
        Hello hello;
        try {
            hello = PARSER.parseFrom(signed.getHello());
        } catch (InvalidProtocolBufferException e) {
            return unsound(ErrorCode.PROTOCOL, "Hello: bytes that are no message (expected: an encoded Hello)");
        }
        String fault = fault(signed, hello);
        if (hello.getVersion() != VERSION) {
            String text = "protocol version " + Integer.toUnsignedString(hello.getVersion()) + " (expected: " + VERSION
                    + "; use a software version that speaks it)";
            return unsound(ErrorCode.VERSION, text);
        }
        if (fault != null) {
            return unsound(ErrorCode.PROTOCOL, "Hello: " + fault);
        }
        byte[] nonce = signed.getNonce().toByteArray();
        if (signed.getPublicKey().isEmpty()) {
            return new Sound(hello, null, nonce);
        }
        return signature(signed, hello, nonce, nowMillis);
    }

    private Result signature(SignedHello signed, Hello hello, byte[] nonce, long nowMillis) {
        byte[] key = signed.getPublicKey().toByteArray();
        byte[] message = SignedBytes.hello(
                relay.publicKey(),
                nonce,
                signed.getTimeMillis(),
                signed.getHello().toByteArray());
        if (!IdentityKey.verify(key, message, signed.getSignature().toByteArray())) {
            String text = "the signature of Hello does not fit this relay's key (expected: signed for this relay;"
                    + " check that the join string is this relay's)";
            return unsound(ErrorCode.UNAUTHENTICATED, text);
        }
        long time = signed.getTimeMillis();
        if (time < Math.max(nowMillis - TOLERANCE_MILLIS, bootMillis) || time > nowMillis + TOLERANCE_MILLIS) {
            String text = "clock differs by " + (time - nowMillis) + " ms (expected: at most " + TOLERANCE_MILLIS
                    + " from the relay's, and no earlier than its start; set the clock)";
            return new Unsound(Refusals.clockSkew(text, nonce, nowMillis, relay));
        }
        return new Sound(hello, key, nonce);
    }

    /** What is wrong with its form, or null. */
    private static @Nullable String fault(SignedHello signed, Hello hello) {
        if (signed.getNonce().size() != NONCE_BYTES) {
            return "nonce of " + signed.getNonce().size() + " bytes (expected: " + NONCE_BYTES + ")";
        }
        int keyBytes = signed.getPublicKey().size();
        if (keyBytes != 0 && keyBytes != KEY_BYTES) {
            return "public_key of " + keyBytes + " bytes (expected: " + KEY_BYTES + ")";
        }
        if (keyBytes != 0 && signed.getSignature().size() != SIGNATURE_BYTES) {
            return "signature of " + signed.getSignature().size() + " bytes (expected: " + SIGNATURE_BYTES + ")";
        }
        if (!LocalNode.isName(hello.getNode())) {
            return "node is no node name (expected: a-z, 0-9 and hyphens, at most 63, no hyphen at either end)";
        }
        if (hello.getInstance().size() != InstanceBytes.LENGTH) {
            return "instance of " + hello.getInstance().size() + " bytes (expected: " + InstanceBytes.LENGTH + ")";
        }
        if (hello.getIdentityBytes().size() > Identity.MAX_ID_BYTES
                || hello.getIdentityToken().size() > Identity.MAX_TOKEN_BYTES) {
            return "identity of " + hello.getIdentityBytes().size() + " bytes with a token of "
                    + hello.getIdentityToken().size() + " (expected: at most " + Identity.MAX_ID_BYTES + " and "
                    + Identity.MAX_TOKEN_BYTES + ")";
        }
        return hello.getNamespace().length() > LONGEST_NAMESPACE
                ? "namespace of " + hello.getNamespace().length() + " characters (expected: at most "
                        + LONGEST_NAMESPACE + ")"
                : PeerLimits.fault(hello.getParameters());
    }

    private static Unsound unsound(ErrorCode code, String text) {
        return new Unsound(Refusals.of(code, text));
    }
}
