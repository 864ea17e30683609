package dev.culvert.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.link.proto.SignedWelcome;
import dev.culvert.link.proto.Welcome;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.Principal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The dialler's half of a handshake, as decisions only. Owned by its session's event loop; pure: time and nonce are handed in. One Hello,
 * one answer. [LINK-10] [LINK-21] [LINK-22] [LINK-23]
 */
final class DiallerHandshake {
    private static final Parser<Welcome> PARSER = DiscardUnknownFieldsParser.wrap(Welcome.parser());

    private final @Nullable IdentityKey own;
    private final byte @Nullable [] relay;
    private final byte[] nonce;

    /**
     * @param own signs Hello; null: no signature
     * @param relay the key that the relay must prove; null: whichever
     * @param nonce 32 random bytes, never used before
     * @throws IllegalArgumentException if there is a key to sign with and no relay's key to sign for
     */
    DiallerHandshake(@Nullable IdentityKey own, byte @Nullable [] relay, byte[] nonce) {
        if (own != null && relay == null) {
            throw new IllegalArgumentException("a key to prove and no identity key of the relay to prove it to"
                    + " (expected: a join string, or the relay's key beside its address)");
        }
        this.own = own;
        this.relay = relay;
        this.nonce = nonce;
    }

    /** What the relay answered, checked. */
    sealed interface Answer {}

    record Welcomed(Welcome welcome) implements Answer {}

    record Refused(ErrorCode code, Refusal refusal) implements Answer {}

    /** The clocks differ: try once more with this added to our time. */
    record ClockOff(Refusal refusal, long correctionMillis) implements Answer {}

    /** The other end is not the relay that it should be. */
    record Impostor(String reason) implements Answer {}

    /** Who the relay has proved to be, once its Welcome was good. */
    Principal relayPrincipal() {
        return relay == null ? Principal.ANONYMOUS : Principal.ofKey(relay);
    }

    /** The first message on stream 1. */
    Control hello(Hello hello, long timeMillis) {
        ByteString encoded = hello.toByteString();
        SignedHello.Builder signed = SignedHello.newBuilder().setHello(encoded).setNonce(ByteString.copyFrom(nonce));
        if (own != null && relay != null) {
            byte[] message = SignedBytes.hello(relay, nonce, timeMillis, encoded.toByteArray());
            signed.setPublicKey(ByteString.copyFrom(own.publicKey()))
                    .setTimeMillis(timeMillis)
                    .setSignature(ByteString.copyFrom(own.sign(message)));
        }
        return Control.newBuilder().setHello(signed).build();
    }

    /** @throws ProtocolViolation for a message that is no answer */
    Answer onControl(Control message, long nowMillis) throws ProtocolViolation {
        return switch (message.getMessageCase()) {
            case WELCOME -> onWelcome(message.getWelcome());
            case REFUSAL -> onRefusal(message.getRefusal(), nowMillis);
            default ->
                throw new ProtocolViolation(
                        ErrorCode.PROTOCOL,
                        message.getMessageCase() + " as an answer to Hello (expected: WELCOME or REFUSAL)");
        };
    }

    private Answer onWelcome(SignedWelcome signed) throws ProtocolViolation {
        if (relay != null && !Arrays.equals(relay, signed.getPublicKey().toByteArray())) {
            return new Impostor(
                    "the relay has another identity key than expected"
                            + " (expected: the one in the join string; ask for a new join string if the relay was set up anew)");
        }
        byte[] message = SignedBytes.welcome(nonce, signed.getWelcome().toByteArray());
        if (relay != null
                && !IdentityKey.verify(relay, message, signed.getSignature().toByteArray())) {
            return new Impostor("the relay could not prove its identity key (expected: a signature of Welcome by it)");
        }
        return new Welcomed(parse(signed.getWelcome()));
    }

    private static Welcome parse(ByteString encoded) throws ProtocolViolation {
        Welcome welcome;
        try {
            welcome = PARSER.parseFrom(encoded);
        } catch (InvalidProtocolBufferException e) {
            throw new ProtocolViolation(ErrorCode.PROTOCOL, "Welcome: bytes that are no message");
        }
        String fault = PeerLimits.fault(welcome.getParameters());
        if (welcome.getBootId().size() != InstanceBytes.LENGTH) {
            fault = "boot_id of " + welcome.getBootId().size() + " bytes (expected: " + InstanceBytes.LENGTH + ")";
        } else if (!LocalNode.isName(welcome.getNode())) {
            fault = "node is no node name";
        }
        if (fault != null) {
            throw new ProtocolViolation(ErrorCode.PROTOCOL, "Welcome: " + fault);
        }
        return welcome;
    }

    Answer onRefusal(Refusal refusal, long nowMillis) {
        ErrorCode code = ErrorCode.of(refusal.getCode());
        if (code == ErrorCode.CLOCK_SKEW && relay != null) {
            byte[] message = SignedBytes.clock(nonce, refusal.getTimeMillis());
            if (IdentityKey.verify(relay, message, refusal.getSignature().toByteArray())) {
                return new ClockOff(refusal, refusal.getTimeMillis() - nowMillis);
            }
        }
        return new Refused(code, refusal);
    }
}
