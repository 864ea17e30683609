package dev.culvert.gateway;

import dev.culvert.api.AddressRange;
import dev.culvert.api.PasswordHash;
import dev.culvert.api.PublicTerms;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds callers to the terms under which a service is public: their address at once, a password where it is not known yet by a question that
 * the request waits for. Any thread.
 */
final class Doorkeeper {
    private static final int KEPT = 1024;

    /** Replicas with passwords of their own; each is a hash more for one guess. */
    private static final int MOST_LISTS = 8;

    private final TrustedProxies proxies;
    private final Passwords passwords;
    private final Map<PublicTerms, Condition> understood = new ConcurrentHashMap<>();

    Doorkeeper(TrustedProxies proxies, Passwords passwords) {
        this.proxies = proxies;
        this.passwords = passwords;
    }

    /** Terms, understood; networks that are not let nobody in. Of passwords the first of each user counts. */
    private record Condition(List<AddressRange> networks, Map<String, PasswordHash> users) {
        static Condition of(PublicTerms terms) {
            Map<String, PasswordHash> users = new HashMap<>();
            for (String text : terms.passwords()) {
                PasswordHash hash = PasswordHash.parse(text);
                if (hash != null) {
                    users.putIfAbsent(hash.user(), hash);
                }
            }
            List<AddressRange> ranges = terms.networks().stream()
                    .map(AddressRange::parseOrNull)
                    .filter(Objects::nonNull)
                    .toList();
            return new Condition(ranges, Map.copyOf(users));
        }

        boolean mayCome(InetAddress client) {
            return networks.stream().anyMatch(range -> range.contains(client));
        }
    }

    /**
     * What a request is let in with.
     *
     * @param who the caller, with the user if there was a password
     * @param question to be answered first; null: there is none
     * @param basic Authorization was for the gateway
     */
    record Pass(Access.Admitted who, Passwords.@Nullable Question question, boolean basic) {}

    /**
     * Of a connection in which nothing can be shown: a proxy in front cannot say for whom it speaks, and nobody can show a password.
     *
     * @throws Rejected the terms are not met
     */
    void admitBlind(Access.Admitted who, HeaderRules.Origin origin) throws Rejected {
        requireNetworks(who, origin.trusted() ? null : ClientAddress.parse(origin.address()));
        if (who.terms().stream().anyMatch(terms -> !terms.passwords().isEmpty())) {
            throw new Rejected(unknown(who, "asks for a password, which the handshake of TLS has no place for"));
        }
    }

    /** @throws Rejected the address may not call, or no password is shown, or TLS is the service's own */
    Pass admit(Access.Admitted who, HeaderRules.Origin origin, HttpHeaders headers) throws Rejected {
        boolean anyone = who.terms().stream().allMatch(terms -> terms.equals(PublicTerms.ANYONE));
        if (anyone) {
            return new Pass(who.withoutTerms(who.caller()), null, false);
        }
        if (who.terms().stream().anyMatch(PublicTerms::passTls)) {
            throw new Rejected(HttpFault.of(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "'" + who.address() + "' ends its TLS itself, and takes nothing that this gateway has read",
                    "call it by its host, over https"));
        }
        InetAddress client = ClientAddress.of(origin, headers, proxies);
        requireNetworks(who, client);
        List<PublicTerms> guarded = who.terms().stream()
                .filter(terms -> !terms.passwords().isEmpty())
                .toList();
        if (guarded.isEmpty()) {
            return new Pass(who.withoutTerms(who.caller()), null, false);
        }
        BasicCredentials shown = BasicCredentials.of(headers);
        if (shown == null) {
            throw new Rejected(unknown(who, "asks for a user and a password"));
        }
        Passwords.Question question = question(who, guarded, shown, ClientAddress.household(client));
        Access.Admitted user = who.withoutTerms("basic:" + shown.user());
        return new Pass(user, passwords.isKnown(question) ? null : question, true);
    }

    private Condition condition(PublicTerms terms) {
        if (understood.size() > KEPT) {
            understood.clear();
        }
        return understood.computeIfAbsent(terms, Condition::of);
    }

    private boolean mayCome(List<PublicTerms> all, @Nullable InetAddress client) {
        for (PublicTerms terms : all) {
            boolean anywhere = terms.networks().isEmpty();
            if (!anywhere && (client == null || !condition(terms).mayCome(client))) {
                return false;
            }
        }
        return true;
    }

    private void requireNetworks(Access.Admitted who, @Nullable InetAddress client) throws Rejected {
        if (!mayCome(who.terms(), client)) {
            throw new Rejected(new HttpFault(
                    HttpResponseStatus.FORBIDDEN,
                    "DENIED",
                    "'" + who.address() + "' takes no calls from " + ClientAddress.text(client),
                    "",
                    "call from a network that it takes calls from, or have this one added: culvert expose --allow-from",
                    0));
        }
    }

    private Passwords.Question question(
            Access.Admitted who, List<PublicTerms> guarded, BasicCredentials shown, String address) throws Rejected {
        if (guarded.size() > MOST_LISTS) {
            throw new Rejected(HttpFault.of(
                    HttpResponseStatus.FORBIDDEN,
                    guarded.size() + " lists of passwords for '" + who.address() + "' (expected: at most " + MOST_LISTS
                            + ")",
                    "give those who offer it the same list"));
        }
        List<Map<String, PasswordHash>> lists = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (PublicTerms terms : guarded) {
            lists.add(condition(terms).users());
            text.append(String.join("\n", terms.passwords())).append('\f');
        }
        return new Passwords.Question(lists, text.toString(), shown, address);
    }

    private static HttpFault unknown(Access.Admitted who, String why) {
        String service = who.address().toString();
        String realm = service.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "?");
        return new HttpFault(
                HttpResponseStatus.UNAUTHORIZED,
                "UNAUTHENTICATED",
                "'" + service + "' " + why,
                "",
                "show them: curl -u USER ...",
                0,
                "Basic realm=\"" + realm + "\", charset=\"UTF-8\"");
    }

    /** @param then told what is wrong, or null: nothing is; at once, or on another thread */
    void ask(Pass pass, Consumer<@Nullable HttpFault> then) {
        Passwords.Question question = pass.question();
        if (question == null) {
            then.accept(null);
        } else {
            passwords.ask(question, answer -> then.accept(fault(pass, answer)));
        }
    }

    private static @Nullable HttpFault fault(Pass pass, Passwords.Answer answer) {
        return switch (answer) {
            case RIGHT -> null;
            case WRONG -> unknown(pass.who(), "knows no such user with this password");
            case TOO_OFTEN ->
                HttpFault.of(
                                HttpResponseStatus.TOO_MANY_REQUESTS,
                                "too many wrong passwords from this address",
                                "wait, then show the right one")
                        .withRetry(Guesses.PERIOD_SECONDS);
            case BUSY ->
                HttpFault.of(
                                HttpResponseStatus.SERVICE_UNAVAILABLE,
                                "too many passwords are being looked at",
                                "try again")
                        .withRetry(1);
        };
    }
}
