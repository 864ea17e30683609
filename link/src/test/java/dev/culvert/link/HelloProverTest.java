package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Credential;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Parameters;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.Role;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.Authenticator.Accepted;
import dev.culvert.policy.Authenticator.Claim;
import dev.culvert.policy.Authenticator.Refused;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay makes of Hello, before anything of it is visible. [LINK-12] to [LINK-22] */
class HelloProverTest {
    private static final long BOOT = 1_800_000_000_000L;
    private static final IdentityKey RELAY = IdentityKey.generate();
    private static final IdentityKey AGENT = IdentityKey.generate();
    private static final Scope LEAF = new Scope("default", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false);

    private final List<Claim> claims = new ArrayList<>();
    private Authenticator authenticator = claim -> {
        claims.add(claim);
        return new Accepted(AGENT.principal(), LEAF, Long.MAX_VALUE);
    };
    private long nowMillis = BOOT;
    private int nonces;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
    private final HelloProver prover = new HelloProver(
            AcceptorOptions.of(new LocalNode("relay1", Role.ROLE_PEER, "test", new SecureRandom()), RELAY),
            claim -> authenticator.authenticate(claim),
            clock);

    private byte[] freshNonce() {
        byte[] nonce = new byte[32];
        nonce[0] = (byte) ++nonces;
        nonce[1] = (byte) (nonces >> 8);
        return nonce;
    }

    private static Hello.Builder hello() {
        return Hello.newBuilder()
                .setVersion(1)
                .setNode("edge7")
                .setInstance(InstanceBytes.of(new UUID(1, 2)))
                .setAttempt(1)
                .setCredential(Credential.newBuilder().setJoin("token"));
    }

    private SignedHello signed(Hello hello, byte[] relayKey, long timeMillis) {
        return new DiallerHandshake(AGENT, relayKey, freshNonce())
                .hello(hello, timeMillis)
                .getHello();
    }

    private SignedHello signed(Hello.Builder hello) {
        return signed(hello.build(), RELAY.publicKey(), nowMillis);
    }

    private Refusal refusal(SignedHello hello) {
        return ((Proof.Unproved) prover.prove(hello)).refusal();
    }

    /** What the relay says of a Hello that breaks a rule. */
    private String fault(SignedHello hello) {
        Refusal refusal = refusal(hello);
        assertThat(ErrorCode.of(refusal.getCode())).isEqualTo(ErrorCode.PROTOCOL);
        return refusal.getText();
    }

    private String fault(UnaryOperator<Hello.Builder> change) {
        return fault(signed(change.apply(hello())));
    }

    private ErrorCode code(SignedHello hello) {
        return ErrorCode.of(refusal(hello).getCode());
    }

    @Test
    void proves_a_hello_signed_for_this_relay_and_claims_its_key() {
        Proof proof = prover.prove(signed(hello()));
        assertThat(proof).isInstanceOf(Proof.Proved.class);
        Claim claim = claims.get(0);
        assertThat(claim.publicKey()).isEqualTo(AGENT.publicKey());
        assertThat(claim.join()).isEqualTo("token");
        assertThat(claim.bearer()).isNull();
        assertThat(claim.node()).isEqualTo("edge7");
    }

    @Test
    void a_hello_for_another_relay_is_of_no_use_here() {
        byte[] other = IdentityKey.generate().publicKey();
        assertThat(code(signed(hello().build(), other, nowMillis))).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(claims).isEmpty();
    }

    @Test
    void a_replayed_hello_is_refused() {
        SignedHello once = signed(hello());
        assertThat(prover.prove(once)).isInstanceOf(Proof.Proved.class);
        assertThat(code(once)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        nowMillis += HelloCheck.TOLERANCE_MILLIS;
        assertThat(code(once)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        nowMillis += 1;
        assertThat(code(once)).isEqualTo(ErrorCode.CLOCK_SKEW);
    }

    @Test
    void a_replay_does_not_survive_a_restart_of_the_relay() {
        SignedHello before = signed(hello().build(), RELAY.publicKey(), BOOT - 1);
        assertThat(code(before)).isEqualTo(ErrorCode.CLOCK_SKEW);
    }

    @ParameterizedTest
    @ValueSource(longs = {-300_001, 300_001, -31_536_000_000L, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2})
    void a_clock_that_is_off_is_told_the_relays_time_and_believed_only_with_its_signature(long off) {
        nowMillis = BOOT + 1_000_000;
        DiallerHandshake dialler = new DiallerHandshake(AGENT, RELAY.publicKey(), freshNonce());
        long theirs = nowMillis + off;
        SignedHello hello = dialler.hello(hello().build(), theirs).getHello();
        Refusal refusal = refusal(hello);
        assertThat(refusal.getCode()).isEqualTo(ErrorCode.CLOCK_SKEW.number());
        assertThat(dialler.onRefusal(refusal, theirs))
                .isEqualTo(new DiallerHandshake.ClockOff(refusal, nowMillis - theirs));
        Refusal forged =
                refusal.toBuilder().setTimeMillis(refusal.getTimeMillis() + 1).build();
        assertThat(dialler.onRefusal(forged, theirs)).isInstanceOf(DiallerHandshake.Refused.class);
    }

    @Test
    void clocks_may_differ_by_five_minutes() {
        nowMillis = BOOT + 1_000_000;
        for (long off : new long[] {-300_000, 0, 300_000}) {
            assertThat(prover.prove(signed(hello().build(), RELAY.publicKey(), nowMillis + off)))
                    .isInstanceOf(Proof.Proved.class);
        }
    }

    @Test
    void another_version_is_refused_as_such_whatever_else_is_wrong() {
        assertThat(code(signed(hello().setVersion(2).setNode("NOT A NAME")))).isEqualTo(ErrorCode.VERSION);
        assertThat(code(signed(hello().setVersion(0)))).isEqualTo(ErrorCode.VERSION);
    }

    @Test
    void malformed_fields_are_refused_before_any_signature_is_checked() {
        assertThat(fault(hello -> hello.setNode("Edge7"))).contains("node is no node name");
        assertThat(fault(hello -> hello.setNode(""))).contains("node is no node name");
        assertThat(fault(hello -> hello.setNode("a".repeat(64)))).contains("node is no node name");
        assertThat(fault(hello -> hello.setNode("-a"))).contains("node is no node name");
        assertThat(fault(hello -> hello.setInstance(ByteString.copyFrom(new byte[15]))))
                .contains("instance of 15 bytes");
        assertThat(fault(hello -> hello.setNamespace("n".repeat(256)))).contains("namespace of 256 characters");
        assertThat(fault(hello -> hello.setParameters(Parameters.newBuilder().setInitialWindow(16_383))))
                .contains("16383");
        assertThat(fault(hello -> hello.setParameters(Parameters.newBuilder().setKeepAliveMillis(240_001))))
                .contains("240001");
        SignedHello good = signed(hello());
        assertThat(fault(good.toBuilder().setNonce(ByteString.EMPTY).build())).contains("nonce of 0 bytes");
        ByteString shortKey = ByteString.copyFrom(new byte[31]);
        assertThat(fault(good.toBuilder().setPublicKey(shortKey).build())).contains("public_key of 31 bytes");
        assertThat(fault(good.toBuilder().setSignature(ByteString.EMPTY).build()))
                .contains("signature of 0 bytes");
        ByteString broken = ByteString.copyFromUtf8("\nx");
        assertThat(fault(good.toBuilder().setHello(broken).build())).contains("Hello");
        assertThat(claims).isEmpty();
    }

    @Test
    void a_changed_byte_of_hello_breaks_the_signature() {
        SignedHello good = signed(hello());
        Hello changed = hello().setNamespace("other").build();
        assertThat(code(good.toBuilder().setHello(changed.toByteString()).build()))
                .isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(claims).isEmpty();
    }

    @Test
    void the_authenticators_refusal_reaches_the_dialler() {
        authenticator = claim -> new Refused(ErrorCode.EXPIRED, "join string expired (ask for a new one)");
        Refusal refusal = refusal(signed(hello()));
        assertThat(refusal.getCode()).isEqualTo(ErrorCode.EXPIRED.number());
        assertThat(refusal.getRetryHelps()).isFalse();
        assertThat(refusal.getText()).isEqualTo("join string expired (ask for a new one)");
    }

    @Test
    void a_refused_hello_leaves_no_nonce_behind() {
        SignedHello hello = signed(hello());
        Authenticator accepting = authenticator;
        authenticator = claim -> new Refused(ErrorCode.BUSY, "later");
        prover.prove(hello);
        authenticator = accepting;
        assertThat(prover.prove(hello)).isInstanceOf(Proof.Proved.class);
    }

    @Test
    void a_bug_in_the_authenticator_is_an_internal_refusal_and_shows_nothing_to_the_peer() {
        authenticator = claim -> {
            throw new IllegalStateException("secret detail");
        };
        Refusal refusal = refusal(signed(hello()));
        assertThat(refusal.getCode()).isEqualTo(ErrorCode.INTERNAL.number());
        assertThat(refusal.getText()).doesNotContain("secret detail");
    }

    @Test
    void a_peer_role_needs_the_scope() {
        assertThat(code(signed(hello().setRole(Role.ROLE_PEER)))).isEqualTo(ErrorCode.DENIED);
    }

    @Test
    void a_bearer_token_needs_no_signature_and_claims_no_key() {
        Hello hello = hello().setCredential(Credential.newBuilder().setBearer("secret"))
                .build();
        SignedHello unsigned = new DiallerHandshake(null, null, freshNonce())
                .hello(hello, nowMillis)
                .getHello();
        assertThat(prover.prove(unsigned)).isInstanceOf(Proof.Proved.class);
        assertThat(claims.get(0).publicKey()).isNull();
        assertThat(claims.get(0).bearer()).isEqualTo("secret");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void no_mutated_hello_is_proved_and_none_is_a_bug(long seed) {
        Random random = new Random(seed);
        byte[] good = signed(hello().setNamespace("team").setSoftware("x 1")).toByteArray();
        for (int round = 0; round < 500; round++) {
            byte[] bytes = good.clone();
            for (int hits = random.nextInt(3); hits >= 0; hits--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            SignedHello mutated = parsed(bytes);
            if (mutated != null && !mutated.getPublicKey().isEmpty() && !Arrays.equals(bytes, good)) {
                Proof proof = prover.prove(mutated);
                assertThat(proof).as("seed %d round %d", seed, round).isInstanceOf(Proof.Unproved.class);
                assertThat(((Proof.Unproved) proof).refusal().getCode())
                        .as("seed %d round %d", seed, round)
                        .isNotEqualTo(ErrorCode.INTERNAL.number());
            }
        }
    }

    private static SignedHello parsed(byte[] bytes) {
        try {
            return SignedHello.parseFrom(bytes);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            return null;
        }
    }
}
