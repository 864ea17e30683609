package dev.culvert.policy;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.Authenticator.Refused;
import java.time.Instant;
import java.util.List;

/** What a dialler that is not let in is told: the value, what was expected, the next command. <em>Stateless.</em> No secrets. */
final class Refusals {
    private static final String ASK = "; ask for a new join string, made at the relay by: culvert invite";

    private Refusals() {}

    static Refused nothingShown() {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "no credential (expected: a join string, an enrolled key or a bearer token)" + ASK);
    }

    static Refused notAJoinString(String reason) {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "join string that " + reason + " (expected: one that this relay's issuer made)" + ASK);
    }

    static Refused unknownIssuer(String issuerId) {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "join string of issuer " + issuerId
                        + " (expected: an issuer that this relay trusts); use a join string that was made for this relay by: culvert"
                        + " invite");
    }

    static Refused forged(String inviteId) {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "join string " + inviteId + " with a wrong signature (expected: unchanged as it was made)" + ASK);
    }

    static Refused noKey(String inviteId) {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "join string " + inviteId
                        + " without a key (expected: a Hello that is signed by the node's own key, which the join string enrols);"
                        + " let the node keep a key: set CULVERT_HOME to a directory that it may write");
    }

    static Refused expired(String inviteId, long joinByMillis) {
        return new Refused(
                ErrorCode.EXPIRED,
                "join string " + inviteId + " expired " + at(joinByMillis)
                        + " and has not enrolled this key (expected: first use before that)" + ASK);
    }

    static Refused usedUp(String inviteId, int maxUses) {
        return new Refused(
                ErrorCode.DENIED,
                "join string " + inviteId + ": " + maxUses + " of " + maxUses
                        + " uses are taken by other keys (expected: a free use, or one of those keys); ask for another, made at the"
                        + " relay by: culvert invite --uses N");
    }

    static Refused inviteRevoked(String inviteId) {
        return new Refused(
                ErrorCode.REVOKED, "join string " + inviteId + " was revoked (expected: one that is in force)" + ASK);
    }

    static Refused keyRevoked(String principal) {
        return new Refused(
                ErrorCode.REVOKED,
                principal
                        + " was revoked (expected: a key that is in force); move this node's key file away to make a new key, and"
                        + " join by a string made at the relay by: culvert invite");
    }

    static Refused accessEnded(String principal, long accessEndsMillis) {
        return new Refused(
                ErrorCode.EXPIRED,
                principal + ": access ended " + at(accessEndsMillis) + " (expected: a grant in force)" + ASK);
    }

    static Refused unknownKey(String principal) {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                principal + " is not enrolled at this relay (expected: a join string with it the first time)" + ASK);
    }

    static Refused otherNamespace(String asked, String granted) {
        return new Refused(
                ErrorCode.DENIED,
                "namespace '" + Names.printable(asked) + "' (expected: '" + granted
                        + "', which the credential names); ask for one that names it, made at the relay by: culvert invite"
                        + " --namespace " + Names.printable(asked));
    }

    static Refused badNamespace(String fault) {
        return new Refused(ErrorCode.DENIED, fault + "; name another with --namespace");
    }

    static Refused unknownToken() {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "bearer token that is not in the relay's list (expected: a listed one); check it, or join by a string made at the"
                        + " relay by: culvert invite");
    }

    static Refused unknownCertificate(List<String> names) {
        return new Refused(
                ErrorCode.DENIED,
                "certificate of " + (names.isEmpty() ? "no name" : Names.printable(String.join(", ", names)))
                        + " (expected: one that a line of the relay's token file names: NAME cert:"
                        + (names.isEmpty() ? "edge.example.com" : Names.printable(names.get(0))) + " dial=...)");
    }

    static Refused noTokens() {
        return new Refused(
                ErrorCode.UNAUTHENTICATED,
                "bearer token, and this relay takes none (expected: a join string); ask for one, made at the relay by: culvert"
                        + " invite");
    }

    static Refused tokenEnded(String name, long untilMillis) {
        return new Refused(
                ErrorCode.EXPIRED,
                "bearer token '" + name + "' ended " + at(untilMillis)
                        + " (expected: one in force); have its line in the relay's token file renewed");
    }

    static Refused tokenRevoked(String name) {
        return new Refused(
                ErrorCode.REVOKED,
                "bearer token '" + name
                        + "' was taken off the relay's list or changed (expected: a listed one); ask for another");
    }

    /** Not for good: whoever is told so links again at once. */
    static Refused changed(Refused why) {
        return new Refused(
                ErrorCode.LINK_LOST, why.text() + "; another credential of it may hold, so it may link again");
    }

    static Refused tokenChanged(String name) {
        return new Refused(
                ErrorCode.LINK_LOST,
                "the line of bearer token '" + name
                        + "' was changed (expected: to link again, with what it permits now)");
    }

    static Refused notStored() {
        return new Refused(
                ErrorCode.INTERNAL,
                "the relay cannot keep the key in its state directory (expected: a directory that it may write); its log names the"
                        + " file");
    }

    private static String at(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
