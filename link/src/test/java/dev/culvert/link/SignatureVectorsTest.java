package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.SignedWelcome;
import dev.culvert.mux.vectors.Vector;
import dev.culvert.policy.IdentityKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the handshake signs is what {@code docs/vectors/signatures.txt} says. [LINK-21] [LINK-22] [LINK-23] */
class SignatureVectorsTest {
    /** What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410). */
    private static final String PKCS8 = "302e020100300506032b657004220420";

    @TempDir
    private Path folder;

    static Stream<Vector> signatures() {
        return Vector.file("signatures.txt");
    }

    private static Vector named(String name) {
        return signatures()
                .filter(vector -> vector.one("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void signs_these_bytes_with_this_result(Vector vector) throws IOException {
        byte[] signed = signed(vector);
        assertThat(signed).containsExactly(vector.bytes("signed"));
        assertThat(key(vector).publicKey()).containsExactly(vector.bytes("public"));
        assertThat(key(vector).sign(signed)).containsExactly(vector.bytes("signature"));
        assertThat(IdentityKey.verify(vector.bytes("public"), signed, vector.bytes("signature")))
                .isTrue();
    }

    @Test
    void a_dialler_signs_its_hello_so() throws Exception {
        Vector vector = named("hello");
        Control hello = new DiallerHandshake(key(vector), vector.bytes("relay"), vector.bytes("nonce"))
                .hello(Hello.parseFrom(vector.bytes("hello")), vector.number("time"));

        assertThat(hello.getHello().getHello().toByteArray()).containsExactly(vector.bytes("hello"));
        assertThat(hello.getHello().getSignature().toByteArray()).containsExactly(vector.bytes("signature"));
    }

    @Test
    void a_dialler_believes_a_welcome_that_is_signed_so() throws Exception {
        Vector vector = named("welcome");
        SignedWelcome welcome = SignedWelcome.newBuilder()
                .setWelcome(ByteString.copyFrom(vector.bytes("welcome")))
                .setPublicKey(ByteString.copyFrom(vector.bytes("public")))
                .setSignature(ByteString.copyFrom(vector.bytes("signature")))
                .build();
        DiallerHandshake dialler =
                new DiallerHandshake(IdentityKey.generate(), vector.bytes("public"), vector.bytes("nonce"));

        assertThat(dialler.onControl(Control.newBuilder().setWelcome(welcome).build(), 0))
                .isInstanceOf(DiallerHandshake.Welcomed.class);
    }

    private static byte[] signed(Vector vector) {
        byte[] nonce = vector.bytes("nonce");
        return switch (vector.one("name")) {
            case "hello" ->
                SignedBytes.hello(vector.bytes("relay"), nonce, vector.number("time"), vector.bytes("hello"));
            case "welcome" -> SignedBytes.welcome(nonce, vector.bytes("welcome"));
            case "clock" -> SignedBytes.clock(nonce, vector.number("time"));
            default -> throw new AssertionError(vector + " (expected: hello, welcome or clock)");
        };
    }

    private IdentityKey key(Vector vector) throws IOException {
        byte[] der = HexFormat.of().parseHex(PKCS8 + vector.one("secret"));
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(der)
                + "\n-----END PRIVATE KEY-----\n";
        Path file = folder.resolve(vector.one("name") + ".key");
        Files.writeString(file, pem, StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return IdentityKey.loadOrCreate(file);
    }
}
