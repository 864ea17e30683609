package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityKeyTest {
    private static final byte[] MESSAGE = "hello".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    @Test
    void makes_a_key_once_and_reads_it_afterwards() throws IOException {
        Path file = directory.resolve("state").resolve("identity.key");
        IdentityKey made = IdentityKey.loadOrCreate(file);
        assertThat(IdentityKey.loadOrCreate(file).publicKey()).isEqualTo(made.publicKey());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void all_who_come_at_the_same_time_get_the_same_key() throws Exception {
        Path file = directory.resolve("identity.key");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> arrival = () -> IdentityKey.loadOrCreate(file).toString();
            List<String> keys = new ArrayList<>();
            for (Future<String> key : threads.invokeAll(java.util.Collections.nCopies(8, arrival))) {
                keys.add(key.get());
            }
            assertThat(keys)
                    .hasSize(8)
                    .containsOnly(IdentityKey.loadOrCreate(file).toString());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void every_cut_and_every_changed_byte_of_the_file_is_an_error_that_names_it() throws IOException {
        Path file = directory.resolve("identity.key");
        IdentityKey.loadOrCreate(file);
        String text = Files.readString(file);
        int keyAt = text.indexOf("-----BEGIN");
        for (int length = 0; length < text.length() - 2; length += 3) {
            Files.writeString(file, text.substring(0, length));
            refuses(file);
        }
        for (int at = keyAt + 28; at < text.indexOf("-----END") - 1; at++) {
            char other = text.charAt(at) == 'A' ? 'B' : 'A';
            Files.writeString(file, text.substring(0, at) + other + text.substring(at + 1));
            refuses(file);
        }
        assertThat(Files.readString(file)).as("it is never replaced").isNotEqualTo(text);
    }

    @Test
    void a_key_that_others_may_read_is_refused_with_the_command_that_helps() throws IOException {
        Path file = directory.resolve("identity.key");
        IdentityKey.loadOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> IdentityKey.loadOrCreate(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rw-r--r--")
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void what_a_crash_left_beside_the_file_does_not_matter() throws IOException {
        Path file = directory.resolve("identity.key");
        Path half = directory.resolve("identity.key." + ProcessHandle.current().pid() + ".new");
        Files.writeString(half, "half of a k");
        IdentityKey made = IdentityKey.loadOrCreate(file);
        assertThat(IdentityKey.loadOrCreate(file).publicKey()).isEqualTo(made.publicKey());
        assertThat(half).doesNotExist();
    }

    @Test
    void reads_what_openssl_writes() throws IOException {
        Path file = directory.resolve("identity.key");
        SecretFile.write(
                file,
                ("-----BEGIN PRIVATE KEY-----\n"
                                + "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(HexFormat.of().formatHex(IdentityKey.loadOrCreate(file).publicKey()))
                .as("RFC 8032 section 7.1, test 1")
                .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    }

    @Test
    void signs_as_the_jdk_does_and_verifies_what_the_jdk_signs() throws GeneralSecurityException {
        IdentityKey key = IdentityKey.generate();
        Signature jdk = Signature.getInstance("Ed25519");
        jdk.initSign(key.privateKey());
        jdk.update(MESSAGE);
        byte[] theirs = jdk.sign();
        assertThat(key.sign(MESSAGE)).isEqualTo(theirs);
        jdk.initVerify(Ed25519.publicKeyOf(key.publicKey()));
        jdk.update(MESSAGE);
        assertThat(jdk.verify(key.sign(MESSAGE))).isTrue();
        assertThat(IdentityKey.verify(key.publicKey(), MESSAGE, theirs)).isTrue();
    }

    @Test
    void verifies_nothing_but_the_very_message_key_and_signature() {
        IdentityKey key = IdentityKey.generate();
        byte[] signature = key.sign(MESSAGE);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(IdentityKey.verify(key.publicKey(), MESSAGE, changed)).isFalse();
        }
        assertThat(IdentityKey.verify(IdentityKey.generate().publicKey(), MESSAGE, signature))
                .isFalse();
        assertThat(IdentityKey.verify(key.publicKey(), new byte[5], signature)).isFalse();
        assertThat(IdentityKey.verify(key.publicKey(), MESSAGE, new byte[0])).isFalse();
        assertThat(IdentityKey.verify(new byte[31], MESSAGE, signature)).isFalse();
        assertThat(IdentityKey.verify(key.publicKey(), MESSAGE, Arrays.copyOf(signature, 65)))
                .isFalse();
    }

    @Test
    void a_key_of_small_order_proves_nothing() {
        byte[] identity = new byte[32];
        identity[0] = 1; // the neutral point: with R = 0 and S = 0 every message would verify
        byte[] signature = new byte[64];
        signature[0] = 1;
        assertThat(IdentityKey.verify(identity, MESSAGE, signature)).isFalse();
    }

    @Test
    void prints_itself_without_the_private_half() throws IOException {
        Path file = directory.resolve("identity.key");
        IdentityKey key = IdentityKey.loadOrCreate(file);
        String secret = Files.readString(file).split("-----")[2].strip();
        assertThat(key.toString()).isEqualTo("IdentityKey[" + key.principal().id() + "]");
        assertThat(key.toString()).doesNotContain(secret.substring(22));
    }

    private static void refuses(Path file) {
        assertThatThrownBy(() -> IdentityKey.loadOrCreate(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("damaged identity key")
                .hasMessageContaining("backup");
    }
}
