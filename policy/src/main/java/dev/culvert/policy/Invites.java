package dev.culvert.policy;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.Authenticator.Accepted;
import dev.culvert.policy.Authenticator.Refused;
import dev.culvert.policy.Authenticator.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The join strings that were made, who was enrolled by them and what was revoked, kept in the state directory so that a crash at any moment
 * loses nothing that was confirmed. <em>Any thread</em>, but never an event loop: it writes files. Several processes may use one directory;
 * each sees the others' changes at its next {@link #poll}.
 */
public final class Invites {
    private static final Logger LOG = LoggerFactory.getLogger(Invites.class);
    private static final int COMPACT_ABOVE = 1000;
    private static final long FORGET_AFTER_MILLIS = 30L * 24 * 3600 * 1000;

    private final Path file;
    private final IdentityKey issuer;
    private final Map<String, byte[]> trusted = new HashMap<>();
    private final InstantSource clock;
    private final SecureRandom random;
    private final ReentrantLock lock = new ReentrantLock();
    private final InviteJournal journal;
    private volatile InviteTable table = new InviteTable();
    private volatile AccessListener listener = (principal, code, text) -> {};
    private long expirySeenMillis;

    private Invites(Path directory, Collection<byte[]> issuers, InstantSource clock, SecureRandom random)
            throws IOException {
        this.file = directory.resolve("invites.journal");
        this.issuer = IdentityKey.loadOrCreate(directory.resolve("issuer.key"));
        this.clock = clock;
        this.random = random;
        this.journal = new InviteJournal(file);
        this.expirySeenMillis = clock.millis();
        trust(issuer.publicKey());
        issuers.forEach(this::trust);
    }

    /**
     * Opens the invites of a state directory; makes the directory and its issuer key on first use.
     *
     * @param issuers 32-byte public keys of other issuers whose join strings are taken too
     * @throws IOException one line that names the file that cannot be used
     */
    public static Invites open(Path directory, Collection<byte[]> issuers, InstantSource clock, SecureRandom random)
            throws IOException {
        Invites invites = new Invites(directory, issuers, clock, random);
        if (Files.exists(invites.file)) {
            SecretFile.requireUnchanged(invites.file);
        }
        invites.poll();
        invites.maybeCompact();
        return invites;
    }

    /**
     * A new invite.
     *
     * @param id to list and revoke it by
     * @param token the secret, for a {@link JoinString}; it is not kept
     */
    public record NewInvite(String id, String token) {
        @Override
        public String toString() {
            return "NewInvite[" + id + "]";
        }
    }

    /** Makes an invite, and keeps all of it but the secret. */
    public NewInvite make(Grant grant, String note) throws IOException {
        byte[] id = new byte[JoinToken.idBytes()];
        random.nextBytes(id);
        JoinToken token = JoinToken.issue(issuer, id, grant);
        locked(() -> journal.append(new InviteRecord.Made(clock.millis(), token, hash(token), note)));
        return new NewInvite(token.id(), token.text());
    }

    /** All that are known here, newest first. */
    public List<Invite> list() {
        return table.list();
    }

    /**
     * Revokes an invite, given by its id or the beginning of it, with all keys that it enrolled; or one key, given as {@code key:...}.
     *
     * @return the principals that lose access
     * @throws IllegalArgumentException nothing, or more than one invite, has that id
     */
    public Set<Principal> revoke(String what) throws IOException {
        InviteRecord[] done = new InviteRecord[1];
        locked(() -> {
            done[0] = what.startsWith("key:") ? keyRevocation(what) : inviteRevocation(what);
            journal.append(done[0]);
        });
        return table.loses(done[0]).stream().map(Principal::new).collect(Collectors.toUnmodifiableSet());
    }

    /** The public key by which other relays can be told to trust the invites made here. 32 bytes. */
    public byte[] issuerKey() {
        return issuer.publicKey();
    }

    /** Sees what other processes changed and whose time is over, and tells the listener. Cheap when nothing happened. */
    void poll() throws IOException {
        lock.lock();
        try {
            takeNews();
            long now = clock.millis();
            for (InviteTable.Entry entry : table.endedBetween(expirySeenMillis, now)) {
                long ended = entry.grant().accessEndsMillis();
                entry.keys.keySet().forEach(id -> tell(id, Refusals.accessEnded(id, ended)));
            }
            expirySeenMillis = Math.max(expirySeenMillis, now);
        } finally {
            lock.unlock();
        }
    }

    void listen(AccessListener newListener) {
        listener = newListener;
    }

    /** What a key that is proved, and shows no join string, may do. */
    Verdict admit(byte[] publicKey) {
        String principal = Principal.ofKey(publicKey).id();
        Optional<InviteTable.Entry> entry = table.inviteOf(principal, clock.millis());
        if (table.isRevoked(principal)) {
            return Refusals.keyRevoked(principal);
        }
        return entry.isEmpty() ? Refusals.unknownKey(principal) : standing(entry.get(), principal);
    }

    /** Takes a key in by a join string, or takes it in again. */
    Verdict enrol(String joinToken, byte @Nullable [] publicKey, String node) {
        JoinToken token;
        try {
            token = JoinToken.parse(joinToken);
        } catch (IllegalArgumentException e) {
            return Refusals.notAJoinString(String.valueOf(e.getMessage()));
        }
        byte[] issuerKey = trusted.get(token.issuerId());
        if (issuerKey == null) {
            return Refusals.unknownIssuer(token.issuerId());
        }
        if (!token.isSignedBy(issuerKey)) {
            return Refusals.forged(token.id());
        }
        if (publicKey == null) {
            return Refusals.noKey(token.id());
        }
        String principal = Principal.ofKey(publicKey).id();
        Verdict known = judge(token, principal);
        return known != null ? known : enrolNew(token, principal, node);
    }

    /** What a join string permits that is shown and enrols nobody: it must be good for one more key. */
    Verdict present(JoinToken token) {
        byte[] issuerKey = trusted.get(token.issuerId());
        if (issuerKey == null) {
            return Refusals.unknownIssuer(token.issuerId());
        }
        InviteTable.Entry entry = table.invite(token.id());
        if (entry == null ? !token.isSignedBy(issuerKey) : !isSameSecret(entry, token)) {
            return Refusals.forged(token.id());
        }
        if (entry != null && entry.isRevoked()) {
            return Refusals.inviteRevoked(token.id());
        }
        Principal principal = Principal.ofInvite(token.id());
        Grant grant = token.grant();
        long now = clock.millis();
        if (now > grant.joinByMillis()) {
            return Refusals.expired(token.id(), grant.joinByMillis());
        }
        if (now >= grant.accessEndsMillis()) {
            return Refusals.accessEnded(principal.id(), grant.accessEndsMillis());
        }
        return entry != null && entry.keys.size() >= grant.maxUses()
                ? Refusals.usedUp(token.id(), grant.maxUses())
                : new Accepted(principal, grant.scope(), Math.min(grant.joinByMillis(), grant.accessEndsMillis()));
    }

    /** Null if the only way in is to enrol the key now. */
    private @Nullable Verdict judge(JoinToken token, String principal) {
        InviteTable.Entry entry = table.invite(token.id());
        if (table.isRevoked(principal)) {
            return Refusals.keyRevoked(principal);
        }
        if (entry != null && !isSameSecret(entry, token)) {
            return Refusals.forged(token.id());
        }
        if (entry != null && (entry.isRevoked() || entry.keys.containsKey(principal))) {
            return standing(entry, principal);
        }
        Grant grant = token.grant();
        long now = clock.millis();
        if (now > grant.joinByMillis()) {
            return Refusals.expired(token.id(), grant.joinByMillis());
        }
        if (now >= grant.accessEndsMillis()) {
            return Refusals.accessEnded(principal, grant.accessEndsMillis());
        }
        return entry != null && entry.keys.size() >= grant.maxUses()
                ? Refusals.usedUp(token.id(), grant.maxUses())
                : null;
    }

    private Verdict enrolNew(JoinToken token, String principal, String node) {
        try {
            Verdict[] verdict = new Verdict[1];
            locked(() -> {
                verdict[0] = judge(token, principal); // again: another process may have been first
                if (verdict[0] == null) {
                    verdict[0] = write(token, principal, node);
                }
            });
            return verdict[0];
        } catch (IOException e) {
            LOG.error("key not enrolled: {}", FileFault.text(e));
            return Refusals.notStored();
        }
    }

    private Verdict write(JoinToken token, String principal, String node) throws IOException {
        if (table.invite(token.id()) == null) {
            journal.append(new InviteRecord.Made(clock.millis(), token, hash(token), "made elsewhere"));
            takeNews();
        }
        journal.append(new InviteRecord.Enrolled(clock.millis(), token.id(), principal, Names.printable(node)));
        return new Accepted(
                new Principal(principal), token.grant().scope(), token.grant().accessEndsMillis());
    }

    private Verdict standing(InviteTable.Entry entry, String principal) {
        Grant grant = entry.grant();
        if (entry.isRevoked()) {
            return Refusals.inviteRevoked(entry.made.id());
        }
        return clock.millis() >= grant.accessEndsMillis()
                ? Refusals.accessEnded(principal, grant.accessEndsMillis())
                : new Accepted(new Principal(principal), grant.scope(), grant.accessEndsMillis());
    }

    private InviteRecord keyRevocation(String principal) {
        if (!table.knows(principal)) {
            throw new IllegalArgumentException(
                    Names.printable(principal) + ": no such key (expected: an enrolled one); see: culvert invite list");
        }
        return new InviteRecord.KeyRevoked(clock.millis(), principal);
    }

    private InviteRecord inviteRevocation(String prefix) {
        List<String> ids = table.list().stream()
                .map(Invite::id)
                .filter(id -> !prefix.isEmpty() && id.startsWith(prefix))
                .toList();
        if (ids.size() != 1) {
            throw new IllegalArgumentException("invite '" + Names.printable(prefix) + "': "
                    + (ids.isEmpty() ? "no such invite" : ids.size() + " invites begin so")
                    + " (expected: the id of one, or key:...); see: culvert invite list");
        }
        return new InviteRecord.InviteRevoked(clock.millis(), ids.get(0));
    }

    /** An action on the journal. */
    private interface Change {
        void run() throws IOException;
    }

    /** Runs with the journal to ourselves and all news taken in, also those that the action makes. */
    private void locked(Change change) throws IOException {
        StateLock state = StateLock.of(file);
        try (state) {
            lock.lock();
            try {
                takeNews();
                change.run();
                takeNews();
            } finally {
                lock.unlock();
            }
        }
    }

    private void takeNews() throws IOException {
        InviteJournal.News news = journal.read();
        if (news.replaced()) {
            replaceTable(news.records());
            return;
        }
        for (InviteRecord record : news.records()) {
            table.apply(record);
            table.loses(record).forEach(id -> tell(id, refusal(record, id)));
        }
    }

    /** Another file: whoever was in by the old one and is not by the new one loses access. */
    private void replaceTable(List<InviteRecord> records) {
        InviteTable before = table;
        InviteTable after = new InviteTable();
        records.forEach(after::apply);
        table = after;
        for (String principal : before.principals()) {
            Verdict verdict = after.isRevoked(principal)
                    ? Refusals.keyRevoked(principal)
                    : after.inviteOf(principal, clock.millis())
                            .map(entry -> standing(entry, principal))
                            .orElse(Refusals.unknownKey(principal));
            if (verdict instanceof Refused refused) {
                tell(principal, refused);
            }
        }
    }

    private void maybeCompact() throws IOException {
        List<InviteRecord> live = table.live(clock.millis(), FORGET_AFTER_MILLIS);
        if (journal.size() - live.size() > Math.max(COMPACT_ABOVE, live.size())) {
            locked(() -> journal.rewrite(table.live(clock.millis(), FORGET_AFTER_MILLIS)));
        }
    }

    private void tell(String principal, Refused why) {
        Refused told = stands(principal) ? Refusals.changed(why) : why;
        ErrorCode code = told.code() == ErrorCode.UNAUTHENTICATED ? ErrorCode.REVOKED : told.code();
        listener.onAccessEnded(new Principal(principal), code, told.text());
    }

    /** Whether any of its invites still lets the key in. */
    private boolean stands(String principal) {
        return !table.isRevoked(principal)
                && table.inviteOf(principal, clock.millis())
                                .map(entry -> standing(entry, principal))
                                .orElse(Refusals.unknownKey(principal))
                        instanceof Accepted;
    }

    private static Refused refusal(InviteRecord record, String principal) {
        return record instanceof InviteRecord.InviteRevoked revoked
                ? Refusals.inviteRevoked(revoked.inviteId())
                : Refusals.keyRevoked(principal);
    }

    private static boolean isSameSecret(InviteTable.Entry entry, JoinToken token) {
        return Digests.same(
                entry.made.hash().getBytes(StandardCharsets.US_ASCII),
                hash(token).getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(JoinToken token) {
        return HexFormat.of().formatHex(token.hash());
    }

    private void trust(byte[] issuerPublicKey) {
        if (!Ed25519.isSound(issuerPublicKey)) {
            throw new IllegalArgumentException("issuer key of " + issuerPublicKey.length
                    + " bytes (expected: 32, the public key of an issuer: culvert invite issuer)");
        }
        trusted.put(HexFormat.of().formatHex(JoinToken.issuerId(issuerPublicKey)), issuerPublicKey.clone());
    }
}
