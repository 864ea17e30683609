package dev.culvert.cli;

import dev.culvert.api.PasswordHash;
import dev.culvert.api.PublicTerms;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads networks and passwords as agents and relays are told them, for {@link PublicTerms}. <em>Stateless.</em> */
final class PublicWords {
    private PublicWords() {}

    /**
     * The terms with more networks.
     *
     * @param option for the error
     * @param lists each apart by commas
     */
    static PublicTerms networks(String option, List<String> lists, PublicTerms terms) throws Failure {
        PublicTerms all = terms;
        try {
            for (String list : lists) {
                for (String network : list.split(",", -1)) {
                    all = all.withNetwork(network);
                }
            }
            return all;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    /**
     * The terms with more passwords.
     *
     * @param option for the error
     * @param users each as {@code USER:@FILE}, {@code USER:env:VARIABLE} or the text of a hash
     */
    static PublicTerms passwords(String option, List<String> users, Map<String, String> env, PublicTerms terms)
            throws Failure {
        PublicTerms all = terms;
        try {
            for (PasswordHash hash : hashes(option, users, env)) {
                all = all.withPassword(hash);
            }
            return all;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    /** Takes some hundredths of a second for each that is no hash yet. */
    static List<PasswordHash> hashes(String option, List<String> users, Map<String, String> env) throws Failure {
        List<PasswordHash> hashes = new ArrayList<>();
        for (String text : users) {
            PasswordHash ready = PasswordHash.parse(text);
            hashes.add(ready == null ? hash(option, text, env) : ready);
        }
        return hashes;
    }

    private static PasswordHash hash(String option, String text, Map<String, String> env) throws Failure {
        String user = text.substring(0, Math.max(0, text.indexOf(':')));
        String password = secret(option, user, text.substring(user.length()), env);
        if (user.isEmpty() || password == null) {
            throw Failure.usage(option + (user.isEmpty() ? "" : " " + user + ":...")
                    + ": expected USER:@FILE or USER:env:VARIABLE; a password never stands in an argument");
        }
        try {
            return PasswordHash.of(user, password, new SecureRandom());
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    private static @Nullable String secret(String option, String user, String source, Map<String, String> env)
            throws Failure {
        if (source.startsWith(":@") && source.length() > 2) {
            return Secrets.firstLine(option + " " + user, source.substring(2));
        }
        if (!source.startsWith(":env:")) {
            return null;
        }
        String variable = source.substring(5);
        String value = env.getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw Failure.usage(
                    option + " " + user + ": the variable '" + variable + "' is not set (expected: the password)");
        }
        return value;
    }
}
