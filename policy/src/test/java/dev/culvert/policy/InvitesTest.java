package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.Authenticator.Accepted;
import dev.culvert.policy.Authenticator.Claim;
import dev.culvert.policy.Authenticator.Refused;
import dev.culvert.policy.Authenticator.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvitesTest {
    private static final Scope SCOPE =
            new Scope("default", NamePatterns.parse("web"), NamePatterns.ALL, PortRange.NONE, false);

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock();
    private final SecureRandom random = new SecureRandom();
    private final IdentityKey edge = IdentityKey.generate();
    private final IdentityKey stranger = IdentityKey.generate();
    private final List<String> ended = new ArrayList<>();
    private Invites invites;

    @BeforeEach
    void open() throws IOException {
        invites = open(directory);
    }

    @Test
    void enrols_a_key_and_knows_it_without_the_join_string_afterwards() throws IOException {
        Invites.NewInvite invite = invites.make(grant(1), "");
        assertThat(enrol(invites, invite.token(), edge)).isEqualTo(accepted(edge));
        assertThat(invites.admit(edge.publicKey())).isEqualTo(accepted(edge));
    }

    @Test
    void counts_distinct_keys_and_not_repeats() throws IOException {
        Invites.NewInvite invite = invites.make(grant(2), "");
        for (int i = 0; i < 5; i++) {
            assertThat(enrol(invites, invite.token(), edge)).isEqualTo(accepted(edge));
        }
        assertThat(enrol(invites, invite.token(), stranger)).isEqualTo(accepted(stranger));
        Refused third = refused(enrol(invites, invite.token(), IdentityKey.generate()), ErrorCode.DENIED);
        assertThat(third.text()).contains(invite.id(), "2 of 2", "culvert invite --uses");
    }

    @Test
    void an_enrolled_key_goes_on_after_the_join_string_has_expired() throws IOException {
        Invites.NewInvite invite = invites.make(grant(2), "");
        enrol(invites, invite.token(), edge);
        clock.advance(Duration.ofHours(2));
        assertThat(enrol(invites, invite.token(), edge)).isEqualTo(accepted(edge));
        Refused late = refused(enrol(invites, invite.token(), stranger), ErrorCode.EXPIRED);
        assertThat(late.text()).contains(invite.id(), "2026-11-21T13:00:00Z", "culvert invite");
    }

    @Test
    void access_ends_when_the_grant_ends_and_the_listener_is_told_once() throws IOException {
        Grant grant = new Grant(SCOPE, millis(Duration.ofHours(1)), millis(Duration.ofHours(8)), 1);
        Invites.NewInvite invite = invites.make(grant, "");
        Accepted in = (Accepted) enrol(invites, invite.token(), edge);
        assertThat(in.expiresAtMillis()).isEqualTo(grant.accessEndsMillis());
        clock.advance(Duration.ofHours(8));
        invites.poll();
        invites.poll();
        assertThat(ended).containsExactly("EXPIRED " + edge.principal().id());
        refused(enrol(invites, invite.token(), edge), ErrorCode.EXPIRED);
        refused(invites.admit(edge.publicKey()), ErrorCode.EXPIRED);
    }

    @Test
    void revoking_an_invite_ends_the_keys_that_it_enrolled_and_no_others() throws IOException {
        Invites.NewInvite first = invites.make(grant(3), "");
        Invites.NewInvite second = invites.make(grant(3), "");
        enrol(invites, first.token(), edge);
        enrol(invites, second.token(), stranger);
        assertThat(invites.revoke(first.id().substring(0, 6))).containsExactly(edge.principal());
        assertThat(ended).containsExactly("REVOKED " + edge.principal().id());
        assertThat(refused(enrol(invites, first.token(), edge), ErrorCode.REVOKED)
                        .text())
                .contains(first.id());
        refused(invites.admit(edge.publicKey()), ErrorCode.REVOKED);
        refused(enrol(invites, first.token(), IdentityKey.generate()), ErrorCode.REVOKED);
        assertThat(invites.admit(stranger.publicKey())).isEqualTo(accepted(stranger));
    }

    @Test
    void a_revoked_key_is_out_whatever_it_shows() throws IOException {
        Invites.NewInvite first = invites.make(grant(3), "");
        enrol(invites, first.token(), edge);
        invites.revoke(edge.principal().id());
        Invites.NewInvite second = invites.make(grant(3), "");
        refused(enrol(invites, second.token(), edge), ErrorCode.REVOKED);
        refused(invites.admit(edge.publicKey()), ErrorCode.REVOKED);
        assertThat(enrol(invites, first.token(), stranger)).isEqualTo(accepted(stranger));
    }

    @Test
    void a_key_with_two_invites_keeps_the_one_that_still_holds() throws IOException {
        Invites.NewInvite first = invites.make(grant(3), "");
        clock.advance(Duration.ofSeconds(1));
        Invites.NewInvite second = invites.make(grant(3), "");
        enrol(invites, first.token(), edge);
        enrol(invites, second.token(), edge);
        invites.revoke(second.id());
        assertThat(invites.admit(edge.publicKey())).isEqualTo(accepted(edge));
        refused(enrol(invites, second.token(), edge), ErrorCode.REVOKED);
        assertThat(ended)
                .as("its links end, and it may come back by the other")
                .containsExactly("LINK_LOST " + edge.principal().id());
        invites.revoke(first.id());
        assertThat(ended).last().isEqualTo("REVOKED " + edge.principal().id());
    }

    @Test
    void a_grant_that_ends_leaves_the_key_what_another_invite_gave_it() throws IOException {
        Grant hours = new Grant(SCOPE, millis(Duration.ofHours(1)), millis(Duration.ofHours(8)), 1);
        enrol(invites, invites.make(hours, "").token(), edge);
        enrol(invites, invites.make(grant(1), "").token(), edge);
        clock.advance(Duration.ofHours(8));
        invites.poll();
        assertThat(ended).containsExactly("LINK_LOST " + edge.principal().id());
        assertThat(invites.admit(edge.publicKey())).isEqualTo(accepted(edge));
    }

    @Test
    void refuses_a_key_that_nobody_enrolled_and_names_it() {
        Refused refused = refused(invites.admit(edge.publicKey()), ErrorCode.UNAUTHENTICATED);
        assertThat(refused.text()).contains(edge.principal().id(), "culvert invite");
    }

    @Test
    void refuses_tokens_of_issuers_that_it_does_not_trust_until_it_does(@TempDir Path elsewhere) throws IOException {
        Invites other = open(elsewhere);
        Invites.NewInvite invite = other.make(grant(1), "");
        assertThat(refused(enrol(invites, invite.token(), edge), ErrorCode.UNAUTHENTICATED)
                        .text())
                .contains("issuer", "culvert invite");
        Invites trusting = Invites.open(directory, List.of(other.issuerKey()), clock, random);
        assertThat(enrol(trusting, invite.token(), edge)).isEqualTo(accepted(edge));
        refused(enrol(trusting, invite.token(), stranger), ErrorCode.DENIED);
        trusting.revoke(invite.id());
        refused(enrol(trusting, invite.token(), edge), ErrorCode.REVOKED);
    }

    @Test
    void refuses_every_change_of_one_bit_of_a_token() throws IOException {
        String token = invites.make(grant(1), "").token();
        byte[] bytes = Digests.fromBase64(token);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            refused(enrol(invites, Digests.base64(changed), edge), ErrorCode.UNAUTHENTICATED);
        }
        assertThat(invites.list().get(0).keys()).isEmpty();
    }

    @Test
    void refuses_a_join_string_without_a_proved_key() throws IOException {
        Invites.NewInvite invite = invites.make(grant(1), "");
        refused(invites.enrol(invite.token(), null, "edge7"), ErrorCode.UNAUTHENTICATED);
        assertThat(enrol(invites, invite.token(), edge)).isEqualTo(accepted(edge));
    }

    @Test
    void keeps_everything_confirmed_when_opened_again() throws IOException {
        Invites.NewInvite kept = invites.make(grant(1), "for the shop, 100%");
        Invites.NewInvite gone = invites.make(grant(1), "");
        enrol(invites, kept.token(), edge);
        enrol(invites, gone.token(), stranger);
        invites.revoke(gone.id());
        Invites again = open(directory);
        assertThat(again.list()).isEqualTo(invites.list());
        assertThat(again.list()).extracting(Invite::note).contains("for the shop, 100%");
        assertThat(enrol(again, kept.token(), edge)).isEqualTo(accepted(edge));
        refused(enrol(again, kept.token(), IdentityKey.generate()), ErrorCode.DENIED);
        refused(again.admit(stranger.publicKey()), ErrorCode.REVOKED);
    }

    @Test
    void sees_what_another_process_made_and_revoked() throws IOException {
        Invites command = Invites.open(directory, List.of(), clock, random);
        Invites.NewInvite invite = command.make(grant(1), "");
        assertThat(enrol(invites, invite.token(), edge)).isEqualTo(accepted(edge));
        command.revoke(invite.id());
        assertThat(ended).isEmpty();
        invites.poll();
        assertThat(ended).containsExactly("REVOKED " + edge.principal().id());
        refused(invites.admit(edge.publicKey()), ErrorCode.REVOKED);
    }

    @Test
    void one_use_goes_to_one_key_when_many_come_at_the_same_time() throws Exception {
        Invites command = open(directory);
        Invites.NewInvite invite = invites.make(grant(1), "");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Verdict>> arrivals = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Invites at = i % 2 == 0 ? invites : command;
                IdentityKey key = IdentityKey.generate();
                arrivals.add(() -> enrol(at, invite.token(), key));
            }
            int accepted = 0;
            for (Future<Verdict> verdict : threads.invokeAll(arrivals)) {
                accepted += verdict.get() instanceof Accepted ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_crash_at_any_byte_of_the_last_record_loses_only_that_record() throws IOException {
        Invites.NewInvite invite = invites.make(grant(1), "");
        Path journal = directory.resolve("invites.journal");
        byte[] before = Files.readAllBytes(journal);
        enrol(invites, invite.token(), edge);
        byte[] after = Files.readAllBytes(journal);
        for (int length = before.length; length < after.length; length++) {
            Files.write(journal, java.util.Arrays.copyOf(after, length));
            Invites again = open(directory);
            assertThat(again.list()).hasSize(1);
            refused(again.admit(edge.publicKey()), ErrorCode.UNAUTHENTICATED);
            assertThat(enrol(again, invite.token(), stranger)).isEqualTo(accepted(stranger));
            assertThat(open(directory).admit(stranger.publicKey())).isEqualTo(accepted(stranger));
        }
    }

    @Test
    void what_a_crash_left_is_cut_away_by_the_next_writer_however_short_its_record_is() throws IOException {
        enrol(invites, invites.make(grant(1), "").token(), edge);
        Path journal = directory.resolve("invites.journal");
        Files.writeString(journal, "0".repeat(2_000), StandardOpenOption.APPEND);
        open(directory).revoke(edge.principal().id());
        assertThat(Files.readString(journal)).doesNotContain("0".repeat(100)).endsWith("\n");
        refused(open(directory).admit(edge.publicKey()), ErrorCode.REVOKED);
    }

    @Test
    void damage_in_the_journal_stops_the_start_and_names_the_line() throws IOException {
        invites.make(grant(1), "");
        invites.make(grant(1), "");
        Path journal = directory.resolve("invites.journal");
        String text = Files.readString(journal);
        Files.writeString(journal, text.replaceFirst("made 1", "made 2"));
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("invites.journal: line 1 is damaged")
                .hasMessageContaining("backup");
    }

    @Test
    void a_journal_that_others_may_change_stops_the_start() throws IOException {
        invites.make(grant(1), "");
        Path journal = directory.resolve("invites.journal");
        Files.setPosixFilePermissions(journal, PosixFilePermissions.fromString("rw-rw----"));
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("invites.journal: mode rw-rw---- lets others change it")
                .hasMessageContaining("chmod 600");
    }

    @Test
    void a_record_of_a_newer_version_is_not_skipped() throws IOException {
        Path journal = directory.resolve("invites.journal");
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update("quarantined 1 x".getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(directory);
        Files.writeString(journal, java.util.HexFormat.of().toHexDigits((int) crc.getValue()) + " quarantined 1 x\n");
        assertThatThrownBy(() -> open(directory)).hasMessageContaining("'quarantined' is a record that this version");
    }

    @Test
    void a_journal_that_disappears_lets_nobody_in() throws IOException {
        Invites.NewInvite invite = invites.make(grant(1), "");
        enrol(invites, invite.token(), edge);
        Files.delete(directory.resolve("invites.journal"));
        invites.poll();
        assertThat(ended).containsExactly("REVOKED " + edge.principal().id());
        refused(invites.admit(edge.publicKey()), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void forgets_what_is_long_over_and_keeps_what_is_not() throws IOException {
        Path journal = directory.resolve("invites.journal");
        Invites.NewInvite kept = invites.make(grant(1), "");
        enrol(invites, kept.token(), edge);
        invites.make(grant(1), "old");
        appendInvites(1500, grant(1));
        clock.advance(Duration.ofDays(40));
        Invites again = open(directory);
        assertThat(Files.readAllLines(journal)).hasSize(2);
        assertThat(again.admit(edge.publicKey())).isEqualTo(accepted(edge));
        invites.poll(); // a process that had the old file open sees the new one
        assertThat(ended).isEmpty();
        assertThat(invites.list()).hasSize(1);
    }

    @Test
    void what_was_revoked_stays_so_when_old_records_are_forgotten() throws IOException {
        IdentityKey third = IdentityKey.generate();
        Invites.NewInvite revoked = invites.make(grant(2), "");
        Invites.NewInvite standing = invites.make(grant(2), "");
        enrol(invites, revoked.token(), edge);
        enrol(invites, standing.token(), stranger);
        enrol(invites, standing.token(), third);
        invites.revoke(revoked.id());
        invites.revoke(stranger.principal().id());
        appendInvites(1500, new Grant(SCOPE, millis(Duration.ofDays(-40)), Long.MAX_VALUE, 1));
        Invites again = open(directory);
        assertThat(Files.readAllLines(directory.resolve("invites.journal"))).hasSizeLessThan(10);

        assertThat(refused(again.admit(edge.publicKey()), ErrorCode.REVOKED)).isNotNull();
        assertThat(refused(enrol(again, revoked.token(), IdentityKey.generate()), ErrorCode.REVOKED))
                .isNotNull();
        assertThat(refused(again.admit(stranger.publicKey()), ErrorCode.REVOKED))
                .isNotNull();
        assertThat(again.admit(third.publicKey())).isEqualTo(accepted(third));
    }

    @Test
    void the_secret_is_in_no_file_and_in_no_text() throws IOException {
        Invites.NewInvite invite = invites.make(grant(1), "");
        enrol(invites, invite.token(), edge);
        String signature = Digests.base64(JoinToken.parse(invite.token()).signature());
        assertThat(Files.readString(directory.resolve("invites.journal")))
                .doesNotContain(invite.token())
                .doesNotContain(signature.substring(0, 20));
        assertThat(invite.toString()).doesNotContain(invite.token());
        assertThat(invites.list().toString()).doesNotContain(invite.token());
        assertThat(JoinToken.parse(invite.token()).toString()).doesNotContain(signature.substring(0, 20));
        Claim claim = new Claim(edge.publicKey(), invite.token(), "bearer-secret", "", "edge7");
        assertThat(claim.toString()).doesNotContain(invite.token()).doesNotContain("bearer-secret");
    }

    @Test
    void revoking_says_what_it_does_not_know() throws IOException {
        invites.make(grant(1), "");
        assertThatThrownBy(() -> invites.revoke("zz"))
                .hasMessageContaining("'zz': no such invite")
                .hasMessageContaining("culvert invite list");
        assertThatThrownBy(() -> invites.revoke("key:nobody")).hasMessageContaining("key:nobody: no such key");
        assertThatThrownBy(() -> invites.revoke("")).hasMessageContaining("no such invite");
    }

    @Test
    void lists_states_in_words() throws IOException {
        invites.make(grant(1), "");
        Invites.NewInvite used = invites.make(grant(1), "");
        Invites.NewInvite revoked = invites.make(grant(1), "");
        enrol(invites, used.token(), edge);
        invites.revoke(revoked.id());
        long now = clock.millis();
        assertThat(invites.list()).extracting(i -> i.state(now)).containsExactlyInAnyOrder("open", "used", "revoked");
        assertThat(invites.list())
                .extracting(i -> i.state(now + Duration.ofDays(1).toMillis()))
                .containsExactlyInAnyOrder("expired", "expired", "revoked");
    }

    /** As another process would, so that there is much to forget at the next start. */
    private void appendInvites(int count, Grant grant) throws IOException {
        IdentityKey issuer = IdentityKey.loadOrCreate(directory.resolve("issuer.key"));
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < count; i++) {
            byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(i).array();
            JoinToken token = JoinToken.issue(issuer, id, grant);
            records.append(InviteRecordCodec.print(new InviteRecord.Made(1, token, "00", "")))
                    .append('\n');
        }
        Files.writeString(directory.resolve("invites.journal"), records, StandardOpenOption.APPEND);
    }

    private Invites open(Path at) throws IOException {
        Invites opened = Invites.open(at, List.of(), clock, random);
        opened.listen((principal, code, text) -> ended.add(code + " " + principal.id()));
        return opened;
    }

    private Verdict enrol(Invites at, String token, IdentityKey key) {
        return at.enrol(token, key.publicKey(), "edge7");
    }

    private Grant grant(int uses) {
        return new Grant(SCOPE, millis(Duration.ofHours(1)), Long.MAX_VALUE, uses);
    }

    private long millis(Duration fromStart) {
        return MutableClock.START.plus(fromStart).toEpochMilli();
    }

    private static Accepted accepted(IdentityKey key) {
        return new Accepted(key.principal(), SCOPE, Long.MAX_VALUE);
    }

    private static Refused refused(Verdict verdict, ErrorCode code) {
        assertThat(verdict).isInstanceOf(Refused.class);
        assertThat(((Refused) verdict).code()).isEqualTo(code);
        return (Refused) verdict;
    }
}
