package dev.culvert.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the journal add up to. Changed by its {@link Invites} under its lock, read by any thread: a reader sees each record
 * wholly or not at all.
 */
final class InviteTable {
    private final ConcurrentMap<String, Entry> invites = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<String>> invitesOfKey = new ConcurrentHashMap<>();
    private final Set<String> revokedKeys = ConcurrentHashMap.newKeySet();
    private final ConcurrentSkipListMap<Long, Set<String>> byAccessEnd = new ConcurrentSkipListMap<>();

    /** One invite. */
    static final class Entry {
        final InviteRecord.Made made;
        final ConcurrentMap<String, InviteRecord.Enrolled> keys = new ConcurrentHashMap<>();
        volatile @Nullable InviteRecord revocation;

        Entry(InviteRecord.Made made) {
            this.made = made;
        }

        Grant grant() {
            return made.grant();
        }

        boolean isRevoked() {
            return revocation != null;
        }
    }

    /** Records come in any number of times; a repeat changes nothing. */
    void apply(InviteRecord record) {
        if (record instanceof InviteRecord.Made made) {
            if (invites.putIfAbsent(made.id(), new Entry(made)) == null
                    && made.grant().accessEndsMillis() != Long.MAX_VALUE) {
                byAccessEnd
                        .computeIfAbsent(made.grant().accessEndsMillis(), end -> ConcurrentHashMap.newKeySet())
                        .add(made.id());
            }
        } else if (record instanceof InviteRecord.Enrolled enrolled) {
            Entry entry = invites.get(enrolled.inviteId());
            if (entry != null) {
                entry.keys.putIfAbsent(enrolled.principal(), enrolled);
                invitesOfKey
                        .computeIfAbsent(enrolled.principal(), key -> ConcurrentHashMap.newKeySet())
                        .add(enrolled.inviteId());
            }
        } else if (record instanceof InviteRecord.InviteRevoked revoked) {
            Entry entry = invites.get(revoked.inviteId());
            if (entry != null) {
                entry.revocation = revoked;
            }
        } else if (record instanceof InviteRecord.KeyRevoked revoked) {
            revokedKeys.add(revoked.principal());
        }
    }

    @Nullable
    Entry invite(String id) {
        return invites.get(id);
    }

    boolean isRevoked(String principal) {
        return revokedKeys.contains(principal);
    }

    boolean knows(String principal) {
        return invitesOfKey.containsKey(principal);
    }

    /** The invite that counts for a key which shows no join string: of those that still hold the one it enrolled with last; else the last. */
    Optional<Entry> inviteOf(String principal, long nowMillis) {
        return invitesOfKey.getOrDefault(principal, Set.of()).stream()
                .map(invites::get)
                .max(Comparator.<Entry, Boolean>comparing(
                                e -> !e.isRevoked() && nowMillis < e.grant().accessEndsMillis())
                        .thenComparing(e -> enrolledAt(e, principal))
                        .thenComparing(e -> e.made.id()));
    }

    /** Principals that a record takes access from. */
    Set<String> loses(InviteRecord record) {
        if (record instanceof InviteRecord.InviteRevoked revoked) {
            Entry entry = invites.get(revoked.inviteId());
            return entry == null ? Set.of() : Set.copyOf(entry.keys.keySet());
        }
        return record instanceof InviteRecord.KeyRevoked revoked ? Set.of(revoked.principal()) : Set.of();
    }

    /** Invites whose grant ended after the first moment and not after the second. */
    List<Entry> endedBetween(long afterMillis, long toMillis) {
        return byAccessEnd.subMap(afterMillis, false, toMillis, true).values().stream()
                .flatMap(ids -> ids.stream().map(invites::get))
                .toList();
    }

    Set<String> principals() {
        return Set.copyOf(invitesOfKey.keySet());
    }

    /** Newest first. */
    List<Invite> list() {
        return invites.values().stream()
                .map(this::view)
                .sorted(Comparator.comparingLong(Invite::madeAtMillis)
                        .reversed()
                        .thenComparing(Invite::id))
                .toList();
    }

    /** Records that still matter: invites that are over are forgotten {@code graceMillis} after nobody can join by them. */
    List<InviteRecord> live(long nowMillis, long graceMillis) {
        List<InviteRecord> records = new ArrayList<>();
        for (Entry entry : invites.values()) {
            boolean over = entry.isRevoked()
                    || entry.keys.isEmpty()
                    || nowMillis > entry.grant().accessEndsMillis();
            if (!over || nowMillis - graceMillis <= entry.grant().joinByMillis()) {
                records.add(entry.made);
                records.addAll(entry.keys.values());
                Optional.ofNullable(entry.revocation).ifPresent(records::add);
            }
        }
        revokedKeys.forEach(key -> records.add(new InviteRecord.KeyRevoked(nowMillis, key)));
        return records;
    }

    private Invite view(Entry entry) {
        List<Invite.Key> keys = entry.keys.values().stream()
                .map(key -> new Invite.Key(
                        key.principal(), key.node(), key.atMillis(), revokedKeys.contains(key.principal())))
                .sorted(Comparator.comparingLong(Invite.Key::enrolledAtMillis).thenComparing(Invite.Key::principal))
                .toList();
        return new Invite(
                entry.made.id(), entry.made.atMillis(), entry.grant(), entry.made.note(), keys, entry.isRevoked());
    }

    private static long enrolledAt(Entry entry, String principal) {
        InviteRecord.Enrolled enrolled = entry.keys.get(principal);
        return enrolled == null ? 0 : enrolled.atMillis();
    }
}
