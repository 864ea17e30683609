package dev.culvert.link;

import com.google.protobuf.ByteString;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Refusal;
import dev.culvert.policy.IdentityKey;

/** Makes the refusals that link itself answers with. <em>Stateless.</em> [LINK-24] */
final class Refusals {
    private static final int BUSY_RETRY_MILLIS = 1_000;
    private static final int BUSY_SPREAD_MILLIS = 10_000;

    private Refusals() {}

    static Refusal of(ErrorCode code, String text) {
        return Refusal.newBuilder()
                .setCode(code.number())
                .setText(text)
                .setRetryHelps(code.retryHelps())
                .build();
    }

    /** More work than the relay takes on now. */
    static Refusal busy(String text) {
        return of(ErrorCode.BUSY, text).toBuilder()
                .setRetryAfterMillis(BUSY_RETRY_MILLIS)
                .setSpreadMillis(BUSY_SPREAD_MILLIS)
                .build();
    }

    static Refusal draining(DrainPlan plan) {
        return of(ErrorCode.DRAINING, "the relay is about to end (expected: another relay, or later)").toBuilder()
                .setSpreadMillis((int) plan.spreadMillis())
                .build();
    }

    /** The relay's clock, signed, so that the dialler may correct its own. [LINK-22] */
    static Refusal clockSkew(String text, byte[] nonce, long nowMillis, IdentityKey relay) {
        return of(ErrorCode.CLOCK_SKEW, text).toBuilder()
                .setTimeMillis(nowMillis)
                .setSignature(ByteString.copyFrom(relay.sign(SignedBytes.clock(nonce, nowMillis))))
                .build();
    }
}
