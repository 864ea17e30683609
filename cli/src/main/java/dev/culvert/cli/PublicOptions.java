package dev.culvert.cli;

import dev.culvert.gateway.Networks;
import dev.culvert.gateway.PasswordHash;
import dev.culvert.node.PublicTerms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may call a service through the relay's HTTP port without a credential of Culvert's. Owned by the main thread. */
final class PublicOptions {
    @Option(names = "--public", description = "Anyone may call it through the relay's HTTP port, without a credential.")
    private boolean anyone;

    @Option(
            names = "--allow-from",
            paramLabel = "NETWORKS",
            description =
                    "With --public: callers from these addresses only, as 10.0.0.0/8,2001:db8::/32; may be repeated.")
    private List<String> networks = new ArrayList<>();

    @Option(
            names = "--basic-auth",
            paramLabel = "USER:@FILE",
            description = {
                "With --public: callers show this user and the password in the file (its first line); or USER:env:VARIABLE; may",
                "be repeated. What the relay learns is a salted hash."
            })
    private List<String> users = new ArrayList<>();

    @Option(
            names = "--pass-tls",
            description = {
                "With --public: TLS for its host at the relay's --https port is not ended there but comes here as it is; the target",
                "shows its own certificate."
            })
    private boolean passTls;

    /** Reads the files, and takes some hundredths of a second for each password. */
    PublicTerms terms(Surroundings surroundings) throws Failure {
        if (!anyone && (!networks.isEmpty() || !users.isEmpty() || passTls)) {
            throw Failure.usage("--allow-from, --basic-auth, --pass-tls: say how the public may call"
                    + " (expected: --public beside them)");
        }
        if (passTls && !users.isEmpty()) {
            throw Failure.usage("--pass-tls: the relay reads no password in TLS that it does not end"
                    + " (expected: without --basic-auth; let the target ask)");
        }
        return anyone
                ? new PublicTerms(
                        true,
                        networks("--allow-from", networks),
                        passwords("--basic-auth", users, surroundings),
                        passTls)
                : PublicTerms.NOBODY;
    }

    /** @param lists each apart by commas */
    static List<String> networks(String option, List<String> lists) throws Failure {
        List<String> all = new ArrayList<>();
        lists.forEach(list -> all.addAll(List.of(list.split(",", -1))));
        try {
            Networks.of(all);
            return all;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    static List<String> passwords(String option, List<String> users, Surroundings surroundings) throws Failure {
        List<String> hashes = new ArrayList<>();
        for (String text : users) {
            hashes.add(password(option, text, surroundings));
        }
        return hashes;
    }

    private static String password(String option, String text, Surroundings surroundings) throws Failure {
        String user = text.substring(0, Math.max(0, text.indexOf(':')));
        String source = text.substring(user.length());
        String password = secret(option, user, source, surroundings);
        if (user.isEmpty() || password == null) {
            throw Failure.usage(option + (user.isEmpty() ? "" : " " + user + ":...")
                    + ": expected USER:@FILE or USER:env:VARIABLE; a password never stands in an argument");
        }
        try {
            return PasswordHash.of(user, password, Secrets.random(PasswordHash.SALT_BYTES))
                    .text();
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    private static @Nullable String secret(String option, String user, String source, Surroundings surroundings)
            throws Failure {
        if (source.startsWith(":@") && source.length() > 2) {
            return Secrets.firstLine(option + " " + user, source.substring(2));
        }
        if (!source.startsWith(":env:")) {
            return null;
        }
        String variable = source.substring(5);
        String value = surroundings.variable(variable);
        if (value.isEmpty()) {
            throw Failure.usage(
                    option + " " + user + ": the variable '" + variable + "' is not set (expected: the password)");
        }
        return value;
    }
}
