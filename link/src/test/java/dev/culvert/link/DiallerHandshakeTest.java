package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.DiallerHandshake.Answer;
import dev.culvert.link.DiallerHandshake.Impostor;
import dev.culvert.link.DiallerHandshake.Welcomed;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.link.proto.SignedWelcome;
import dev.culvert.link.proto.Unregister;
import dev.culvert.link.proto.Welcome;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.Principal;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whom a dialler believes. [LINK-21] [LINK-23] */
class DiallerHandshakeTest {
    private static final IdentityKey OWN = IdentityKey.generate();
    private static final IdentityKey RELAY = IdentityKey.generate();
    private static final IdentityKey OTHER = IdentityKey.generate();
    private static final byte[] NONCE = new byte[32];
    private static final Welcome WELCOME = Welcome.newBuilder()
            .setNode("relay1")
            .setBootId(InstanceBytes.of(new UUID(1, 2)))
            .build();

    private final DiallerHandshake dialler = new DiallerHandshake(OWN, RELAY.publicKey(), NONCE);

    private static Control welcome(IdentityKey claimed, IdentityKey signer, byte[] nonce, Welcome welcome) {
        byte[] encoded = welcome.toByteArray();
        return Control.newBuilder()
                .setWelcome(SignedWelcome.newBuilder()
                        .setWelcome(ByteString.copyFrom(encoded))
                        .setPublicKey(ByteString.copyFrom(claimed.publicKey()))
                        .setSignature(ByteString.copyFrom(signer.sign(SignedBytes.welcome(nonce, encoded)))))
                .build();
    }

    private Answer answer(Control message) throws ProtocolViolation {
        return dialler.onControl(message, 0);
    }

    @Test
    void believes_the_relay_that_it_expects() throws ProtocolViolation {
        assertThat(answer(welcome(RELAY, RELAY, NONCE, WELCOME))).isEqualTo(new Welcomed(WELCOME));
        assertThat(dialler.relayPrincipal()).isEqualTo(RELAY.principal());
    }

    @Test
    void another_key_is_an_impostors_however_well_it_signs() throws ProtocolViolation {
        assertThat(answer(welcome(OTHER, OTHER, NONCE, WELCOME)))
                .isInstanceOfSatisfying(
                        Impostor.class,
                        impostor -> assertThat(impostor.reason()).contains("another identity key"));
    }

    @Test
    void the_right_key_without_its_signature_is_an_impostors() throws ProtocolViolation {
        assertThat(answer(welcome(RELAY, OTHER, NONCE, WELCOME)))
                .isInstanceOfSatisfying(
                        Impostor.class,
                        impostor -> assertThat(impostor.reason()).contains("could not prove"));
    }

    @Test
    void a_welcome_for_another_hello_is_an_impostors() throws ProtocolViolation {
        byte[] earlier = NONCE.clone();
        earlier[31] = 1;
        assertThat(answer(welcome(RELAY, RELAY, earlier, WELCOME))).isInstanceOf(Impostor.class);
    }

    @Test
    void without_a_key_to_expect_any_relay_will_do_and_is_nobody() throws ProtocolViolation {
        DiallerHandshake trusting = new DiallerHandshake(null, null, NONCE);
        assertThat(trusting.onControl(welcome(OTHER, RELAY, NONCE, WELCOME), 0)).isInstanceOf(Welcomed.class);
        assertThat(trusting.relayPrincipal()).isEqualTo(Principal.ANONYMOUS);
    }

    @Test
    void without_a_key_of_its_own_it_signs_nothing() {
        SignedHello hello = new DiallerHandshake(null, RELAY.publicKey(), NONCE)
                .hello(Hello.getDefaultInstance(), 7)
                .getHello();
        assertThat(hello.getPublicKey().isEmpty()).isTrue();
        assertThat(hello.getSignature().isEmpty()).isTrue();
        assertThat(hello.getNonce().toByteArray()).isEqualTo(NONCE);
    }

    @Test
    void a_key_of_its_own_needs_a_relay_to_prove_it_to() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DiallerHandshake(OWN, null, NONCE));
    }

    @Test
    void a_welcome_with_broken_fields_ends_the_session() {
        Welcome noName = WELCOME.toBuilder().setNode("Not A Name").build();
        Welcome noBoot = WELCOME.toBuilder().setBootId(ByteString.EMPTY).build();
        assertThatThrownBy(() -> answer(welcome(RELAY, RELAY, NONCE, noName))).hasMessageContaining("no node name");
        assertThatThrownBy(() -> answer(welcome(RELAY, RELAY, NONCE, noBoot)))
                .hasMessageContaining("boot_id of 0 bytes");
    }

    @Test
    void nothing_but_a_welcome_or_a_refusal_answers_hello() {
        Control other =
                Control.newBuilder().setUnregister(Unregister.newBuilder()).build();
        assertThatThrownBy(() -> answer(other))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL))
                .hasMessageContaining("UNREGISTER");
    }
}
