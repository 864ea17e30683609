package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who may have which name, and who has it: the leases of one relay. Pure: time and events are handed in, {@link Effect}s come out.
 * Owned by the loop of its {@code Registrar}. Times are nanoseconds, never negative and never falling. [CTRL-10] to [CTRL-15]
 *
 * <pre>
 * event        in what state                                         what follows
 * admit        a session of the same instance, lower attempt        that one is fenced; the new one has its names
 * admit        a session of the same instance, no lower attempt     refused FENCED
 * admit        too many sessions of the same principal               refused BUSY
 * admit        another instance of the node has one of its names    ping it; alive: refused DUPLICATE_NODE; silent: it is fenced
 * admit        as before, both share it                              both stand; the older is pinged, and fenced if silent
 * admit        more than three takeovers in a minute                 both refused DUPLICATE_NODE
 * register     as admit, answered with a result
 * down         -                                                     routes go at once; names are kept for their owner
 * </pre>
 */
final class Registry {
    /** How long a session may take to answer a ping before it counts as dead. */
    static final long SILENCE_NANOS = 3_000_000_000L;

    private final Claims claims;
    private final Takeovers takeovers = new Takeovers();
    private final NodeLimits limits;
    private final Map<Long, Map<Integer, Offer>> members = new HashMap<>();
    private final Map<InstanceKey, Member> instances = new HashMap<>();
    private final Map<Principal, Integer> sessionsOf = new HashMap<>();
    private final Map<Long, Contest> contests = new LinkedHashMap<>();
    private final Map<Member, Long> probed = new LinkedHashMap<>();
    private long contestIds;
    private List<Effect> effects = new ArrayList<>();

    Registry(RouteTable table, NodeLimits limits) {
        this(table, limits, (member, offer) -> null);
    }

    /** @param elsewhere says why another relay's registrations forbid one here; null: they do not */
    Registry(RouteTable table, NodeLimits limits, BiFunction<Member, Offer, @Nullable String> elsewhere) {
        this.claims = new Claims(table, elsewhere);
        this.limits = limits;
    }

    private record InstanceKey(String namespace, String principal, String node, java.util.UUID instance) {
        static InstanceKey of(Member member) {
            return new InstanceKey(member.namespace(), member.principal().id(), member.node(), member.instance());
        }
    }

    /** One who wants names that a living member of another instance has. */
    private record Contest(Member member, List<Offer> offers, boolean admission, Set<Member> rivals, long untilNanos) {}

    /** A session was proved and wants in. {@code leaving}: attempts of its older sessions that end by themselves. */
    List<Effect> admit(long nowNanos, Member member, List<Offer> offers, Set<Long> leaving) {
        Member before = instances.get(InstanceKey.of(member));
        if (before != null && before.attempt() >= member.attempt()) {
            refuse(member, ErrorCode.FENCED, "attempt " + before.attempt() + " of this instance is here already", 0);
            return take();
        }
        if (!offers.isEmpty() && isBlocked(nowNanos, member)) {
            return take();
        }
        int sessions = sessionsOf.getOrDefault(member.principal(), 0);
        if (before == null && sessions >= limits.sessionsPerPrincipal()) {
            refuse(member, ErrorCode.BUSY, sessions + " sessions of one key are here already (end some)", 0);
            return take();
        }
        if (before != null && !supersede(nowNanos, before, member, leaving.contains(before.attempt()))) {
            return take();
        }
        instances.put(InstanceKey.of(member), member);
        members.put(member.id(), new LinkedHashMap<>());
        sessionsOf.merge(member.principal(), 1, Integer::sum);
        settle(nowNanos, member, offers, true);
        return take();
    }

    /** A member offers one more service. */
    List<Effect> register(long nowNanos, Member member, Offer offer) {
        if (members.containsKey(member.id())) {
            settle(nowNanos, member, List.of(offer), false);
        }
        return take();
    }

    /** A member does not offer a service any more. */
    List<Effect> unregister(Member member, int offerId) {
        Map<Integer, Offer> offers = members.get(member.id());
        Offer offer = offers == null ? null : offers.remove(offerId);
        if (offer != null) {
            claims.release(member, offer);
        }
        return take();
    }

    /** A member has answered a {@link Effect.Ping}. */
    List<Effect> alive(Member member) {
        probed.remove(member);
        for (Map.Entry<Long, Contest> entry : List.copyOf(contests.entrySet())) {
            if (entry.getValue().rivals().contains(member)) {
                contests.remove(entry.getKey());
                lose(entry.getValue(), cloned(entry.getValue().member()), 0);
            }
        }
        return take();
    }

    /** A member's session is over. {@code keep}: its names are kept for a while; else it has left for good. */
    List<Effect> down(long nowNanos, Member member, boolean keep) {
        if (forget(member, keep ? nowNanos + limits.times().leaseMillis() * 1_000_000 : 0)) {
            contests.values().removeIf(contest -> contest.member().equals(member));
            goOn(nowNanos, member);
        }
        return take();
    }

    /** Time has passed. Call it at {@link #nextNanos()}. */
    List<Effect> time(long nowNanos) {
        Set<Member> silent = new LinkedHashSet<>();
        for (Contest contest : contests.values()) {
            if (contest.untilNanos() <= nowNanos) {
                silent.addAll(contest.rivals());
            }
        }
        probed.forEach((member, until) -> {
            if (until <= nowNanos) {
                silent.add(member);
            }
        });
        silent.forEach(member -> fence(member, "no answer to a ping for 3 s, and a new process of the node is here"));
        silent.forEach(probed::remove);
        dismiss(silent).forEach(contest -> replace(nowNanos, contest));
        claims.expire(nowNanos);
        return take();
    }

    /** When {@link #time} has something to do; {@link Long#MAX_VALUE}: never. */
    long nextNanos() {
        long next = claims.nextNanos();
        for (Contest contest : contests.values()) {
            next = Math.min(next, contest.untilNanos());
        }
        for (long until : probed.values()) {
            next = Math.min(next, until);
        }
        return next;
    }

    /** Members that are in, those that wait for a decision included. */
    int members() {
        return members.size();
    }

    private boolean isBlocked(long nowNanos, Member member) {
        long blockedNanos = takeovers.blockedNanos(nowNanos, member);
        if (blockedNanos > 0) {
            refuse(member, ErrorCode.DUPLICATE_NODE, flapping(member), blockedNanos);
        }
        return blockedNanos > 0;
    }

    /** A later session of the same instance takes over. False if that happened too often. */
    private boolean supersede(long nowNanos, Member before, Member member, boolean leaving) {
        boolean permitted = leaving || takeovers.permit(nowNanos, member);
        String text =
                permitted ? "attempt " + member.attempt() + " of the same instance has taken over" : flapping(member);
        ErrorCode code = permitted ? ErrorCode.FENCED : ErrorCode.DUPLICATE_NODE;
        forget(before, 0);
        if (!abandon(before, code, text)) {
            effects.add(new Effect.Fence(before, code, text, leaving));
        }
        if (!permitted) {
            refuse(member, code, text, Takeovers.MINUTE_NANOS);
        }
        goOn(nowNanos, before);
        return permitted;
    }

    /** Ends what a member was still waiting for; true if that was its admission. */
    private boolean abandon(Member member, ErrorCode code, String text) {
        boolean refused = false;
        for (Map.Entry<Long, Contest> entry : List.copyOf(contests.entrySet())) {
            if (entry.getValue().member().equals(member)) {
                contests.remove(entry.getKey());
                if (entry.getValue().admission()) {
                    refuse(member, code, text, 0);
                    refused = true;
                }
            }
        }
        return refused;
    }

    private void settle(long nowNanos, Member member, List<Offer> offers, boolean admission) {
        Set<Member> rivals = new LinkedHashSet<>();
        for (Offer offer : offers) {
            for (Route route : claims.beside(member, offer)) {
                if (!(route.offer().shared() && offer.shared())) {
                    rivals.add(route.member());
                } else if (probed.putIfAbsent(route.member(), nowNanos + SILENCE_NANOS) == null) {
                    effects.add(new Effect.Ping(route.member()));
                }
            }
        }
        if (rivals.isEmpty()) {
            grant(member, offers, admission);
            return;
        }
        long waiting = contests.values().stream()
                .filter(contest -> contest.member().equals(member))
                .count();
        if (waiting >= limits.servicesPerSession()) {
            Outcome outcome = new Outcome(ErrorCode.BUSY, "too many registrations wait for an answer");
            offers.forEach(offer -> effects.add(new Effect.Answer(member, new Effect.Result(offer, outcome))));
            return;
        }
        contests.put(++contestIds, new Contest(member, offers, admission, rivals, nowNanos + SILENCE_NANOS));
        rivals.forEach(rival -> effects.add(new Effect.Ping(rival)));
    }

    private void grant(Member member, List<Offer> offers, boolean admission) {
        List<Effect.Result> results = new ArrayList<>();
        for (Offer offer : offers) {
            results.add(new Effect.Result(offer, grant(member, offer)));
        }
        if (admission) {
            effects.add(new Effect.Admit(member, results));
        } else {
            results.forEach(result -> effects.add(new Effect.Answer(member, result)));
        }
    }

    private Outcome grant(Member member, Offer offer) {
        Map<Integer, Offer> held = members.getOrDefault(member.id(), Map.of());
        Outcome outcome = permitted(member, offer);
        if (outcome.isOk() && held.containsKey(offer.id())) {
            outcome = new Outcome(
                    ErrorCode.PROTOCOL, "registration id " + offer.id() + " is in use (expected: a new one)");
        }
        if (outcome.isOk() && (held.size() >= limits.servicesPerSession() || claims.size() >= limits.services())) {
            outcome = new Outcome(
                    ErrorCode.BUSY,
                    "too many services (limit: " + limits.servicesPerSession() + " for a session, " + limits.services()
                            + " in all)");
        }
        if (outcome.isOk()) {
            outcome = claims.take(member, offer);
        }
        if (outcome.isOk()) {
            held.put(offer.id(), offer);
        }
        return outcome;
    }

    private static Outcome permitted(Member member, Offer offer) {
        String fault = offer.fault();
        if (fault != null) {
            return new Outcome(ErrorCode.DENIED, fault);
        }
        Scope scope = member.scope();
        boolean name = offer.service().isEmpty() || scope.mayRegister(offer.service());
        boolean port = offer.port() == 0 || scope.mayRegisterPort(offer.port());
        if (!name || !port) {
            return new Outcome(
                    ErrorCode.DENIED,
                    "'" + offer.label() + "' is not in the scope (" + scope
                            + "); ask for an invitation that permits it");
        }
        boolean open = offer.publicPort() < 0
                || (offer.publicPort() == 0 ? !scope.publicPorts().isEmpty() : scope.mayOpen(offer.publicPort()));
        return open
                ? Outcome.OK
                : new Outcome(
                        ErrorCode.DENIED,
                        "public port " + (offer.publicPort() == 0 ? "(any)" : offer.publicPort())
                                + " is not in the scope (public ports: " + scope.publicPorts()
                                + "); ask for an invitation with --public-ports");
    }

    private void lose(Contest contest, String text, long retryAfterNanos) {
        if (contest.admission()) {
            forget(contest.member(), 0);
            refuse(contest.member(), ErrorCode.DUPLICATE_NODE, text, retryAfterNanos);
            return;
        }
        Outcome outcome = new Outcome(ErrorCode.DUPLICATE_NODE, text);
        contest.offers()
                .forEach(offer -> effects.add(new Effect.Answer(contest.member(), new Effect.Result(offer, outcome))));
    }

    /** This one has gone by itself: whoever waited for it only may try again. */
    private void goOn(long nowNanos, Member gone) {
        probed.remove(gone);
        dismiss(Set.of(gone))
                .forEach(contest -> settle(nowNanos, contest.member(), contest.offers(), contest.admission()));
    }

    /** These are gone; the contests that had no other rival end. */
    private List<Contest> dismiss(Set<Member> gone) {
        List<Contest> over = new ArrayList<>();
        for (Map.Entry<Long, Contest> entry : List.copyOf(contests.entrySet())) {
            Contest contest = entry.getValue();
            if (contest.rivals().removeAll(gone) && contest.rivals().isEmpty()) {
                contests.remove(entry.getKey());
                over.add(contest);
            }
        }
        return over;
    }

    /** The rivals had to be fenced: that counts as a takeover. */
    private void replace(long nowNanos, Contest contest) {
        Member member = contest.member();
        if (takeovers.permit(nowNanos, member)) {
            settle(nowNanos, member, contest.offers(), contest.admission());
        } else {
            lose(contest, flapping(member), Takeovers.MINUTE_NANOS);
        }
    }

    private void fence(Member member, String text) {
        if (forget(member, 0)) {
            effects.add(new Effect.Fence(member, ErrorCode.FENCED, text, false));
        }
    }

    /** Takes all routes of a member away; its names are kept until then, 0: not at all. False if it was gone already. */
    private boolean forget(Member member, long keptUntilNanos) {
        Map<Integer, Offer> offers = members.remove(member.id());
        if (offers == null) {
            return false;
        }
        instances.remove(InstanceKey.of(member), member);
        sessionsOf.computeIfPresent(member.principal(), (principal, count) -> count == 1 ? null : count - 1);
        for (Offer offer : offers.values()) {
            if (keptUntilNanos > 0) {
                claims.keep(member, offer, keptUntilNanos);
            } else {
                claims.release(member, offer);
            }
        }
        return true;
    }

    private void refuse(Member member, ErrorCode code, String text, long retryAfterNanos) {
        effects.add(new Effect.Refuse(member, code, text, retryAfterNanos));
    }

    private static String cloned(Member member) {
        return "another process of node '" + member.node() + "', with the same key, lives and offers the same name"
                + " (the command typed twice? end one of them; a copy of its disk? give one of them a name and a state"
                + " directory of its own)";
    }

    private static String flapping(Member member) {
        return "two processes with the same key take the node name '" + member.node()
                + "' from each other; both are refused for a minute (give one of them a name and a state directory of its own)";
    }

    private List<Effect> take() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }
}
