package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.Authenticator.Accepted;
import dev.culvert.policy.Authenticator.Claim;
import dev.culvert.policy.Authenticator.Refused;
import dev.culvert.policy.Authenticator.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that a relay's authenticator says to a dialler, and how revocation travels. */
class CredentialsTest {
    private static final String TOKEN = "correct-horse-battery-staple-0123456789";
    private static final Scope SCOPE = new Scope("shop", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false);

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock();
    private final IdentityKey edge = IdentityKey.generate();
    private Invites invites;
    private Path tokenFile;

    @BeforeEach
    void open() throws IOException {
        invites = Invites.open(directory, List.of(), clock, new SecureRandom());
        tokenFile = directory.resolve("tokens");
    }

    @Test
    void takes_a_listed_bearer_token_for_its_name() throws IOException {
        tokens("ci " + BearerTokens.hash(TOKEN) + " namespace=shop register=web,api-* dial=* ports=20000-20100");
        Accepted accepted = (Accepted) withTokens().authenticate(bearer(TOKEN, ""));
        assertThat(accepted.principal()).isEqualTo(new Principal("token:ci"));
        assertThat(accepted.scope().toString())
                .isEqualTo("namespace shop, register web,api-*, dial *, public ports 20000-20100");
        assertThat(accepted.expiresAtMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void takes_a_certificate_for_its_name_where_a_line_names_it() throws IOException {
        tokens("ops cert:*.example.com dial=web\nalice cert:alice@example.com namespace=shop dial=*\n"
                + "edge cert:edge.example.com dial=db until=2026-11-21T11:00:00Z");
        CredentialAuthenticator authenticator = withTokens();
        Accepted alice = (Accepted) authenticator.presentCertificate(List.of("any.example.com", "alice@example.com"));
        assertThat(alice.principal()).as("named without a star").isEqualTo(new Principal("cert:alice@example.com"));
        assertThat(alice.scope().namespace()).isEqualTo("shop");
        Accepted any = (Accepted) authenticator.presentCertificate(List.of("any.example.com"));
        assertThat(any.principal()).isEqualTo(new Principal("cert:any.example.com"));
        assertThat(any.scope().mayDial("db")).isFalse();
        refused(authenticator.presentCertificate(List.of("edge.example.com")), ErrorCode.EXPIRED);
        refused(authenticator.presentCertificate(List.of("example.org")), ErrorCode.DENIED);
        refused(authenticator.presentCertificate(List.of()), ErrorCode.DENIED);
        refused(authenticator.present("cert:*.example.com"), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void a_join_string_that_is_shown_opens_what_it_would_enrol_a_key_for_and_no_longer() throws IOException {
        Invites.NewInvite made = invites.make(grant(), "");
        CredentialAuthenticator authenticator = new CredentialAuthenticator(invites, null);
        Accepted accepted = (Accepted) authenticator.present(made.token());
        assertThat(accepted.principal()).isEqualTo(new Principal("invite:" + made.id()));
        assertThat(accepted.scope()).isEqualTo(grant().scope());
        assertThat(invites.list().get(0).keys()).isEmpty();
        refused(authenticator.present(made.token().substring(1)), ErrorCode.UNAUTHENTICATED);
        refused(authenticator.present("nonsense"), ErrorCode.UNAUTHENTICATED);
        refused(authenticator.present("culvert://nonsense"), ErrorCode.UNAUTHENTICATED);
        invites.revoke(made.id());
        assertThat(authenticator.present(made.token())).isInstanceOf(Refused.class);
    }

    @Test
    void a_join_string_whose_uses_are_taken_opens_nothing_when_it_is_shown() throws IOException {
        Grant once = new Grant(SCOPE, clock.millis() + 1000, Long.MAX_VALUE, 1);
        Invites.NewInvite made = invites.make(once, "");
        CredentialAuthenticator authenticator = new CredentialAuthenticator(invites, null);
        assertThat(authenticator.authenticate(join(made.token(), ""))).isInstanceOf(Accepted.class);
        refused(authenticator.present(made.token()), ErrorCode.DENIED);
    }

    @Test
    void a_bearer_token_may_be_shown_with_a_request() throws IOException {
        tokens("ci " + BearerTokens.hash(TOKEN) + " namespace=shop dial=web");
        assertThat(withTokens().present(TOKEN))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.scope().mayDial("web")).isTrue());
        refused(withTokens().present("another-token-of-many-bytes"), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void a_line_without_patterns_permits_nothing() throws IOException {
        tokens("ci " + BearerTokens.hash(TOKEN));
        Accepted accepted = (Accepted) withTokens().authenticate(bearer(TOKEN, ""));
        assertThat(accepted.scope())
                .isEqualTo(new Scope("default", NamePatterns.NONE, NamePatterns.NONE, PortRange.NONE, false));
    }

    @Test
    void refuses_tokens_that_are_not_listed_and_says_nothing_of_them() throws IOException {
        tokens("# operators\n\nci " + BearerTokens.hash(TOKEN));
        String wrong = TOKEN + "x";
        Refused refused = refused(withTokens().authenticate(bearer(wrong, "")), ErrorCode.UNAUTHENTICATED);
        assertThat(refused.text()).doesNotContain(wrong).contains("culvert invite");
        Refused hash =
                refused(withTokens().authenticate(bearer(BearerTokens.hash(TOKEN), "")), ErrorCode.UNAUTHENTICATED);
        assertThat(hash.text()).contains("not in the relay's list");
        refused(new CredentialAuthenticator(invites, null).authenticate(bearer(TOKEN, "")), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void a_token_ends_when_its_line_says_so() throws IOException {
        tokens("ci " + BearerTokens.hash(TOKEN) + " until=2026-11-21T13:00:00Z");
        BearerTokens tokens = BearerTokens.open(tokenFile, clock);
        List<String> ended = new ArrayList<>();
        tokens.listen((principal, code, text) -> ended.add(code + " " + principal.id()));
        clock.advance(Duration.ofHours(1));
        refused(tokens.admit(TOKEN), ErrorCode.EXPIRED);
        tokens.poll();
        tokens.poll();
        assertThat(ended).containsExactly("EXPIRED token:ci");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ci",
                "ci plain-token",
                "ci sha256:abc",
                "Ci HASH",
                "ci HASH dial",
                "ci HASH colour=red",
                "ci HASH peer=yes",
                "ci HASH namespace=UP",
                "ci HASH until=tomorrow",
                "ci HASH ports=x",
                "ci HASH\nother HASH",
                "ci HASH dial=a,,b"
            })
    void a_line_that_cannot_be_read_stops_the_start_and_is_named(String lines) throws IOException {
        tokens(lines.replace("HASH", BearerTokens.hash(TOKEN)));
        assertThatThrownBy(() -> BearerTokens.open(tokenFile, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokens: line ")
                .hasMessageContaining("expected")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("plain-token"));
    }

    @Test
    void a_missing_token_file_stops_the_start() {
        assertThatThrownBy(() -> BearerTokens.open(tokenFile, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokens");
    }

    @Test
    void a_token_taken_off_the_list_loses_access_and_a_typing_error_changes_nothing() throws IOException {
        tokens("ci " + BearerTokens.hash(TOKEN) + "\nops " + BearerTokens.hash("other"));
        BearerTokens tokens = BearerTokens.open(tokenFile, clock);
        List<String> ended = new ArrayList<>();
        tokens.listen((principal, code, text) -> ended.add(code + " " + principal.id()));
        tokens("this is not a line");
        look(tokens);
        assertThat(tokens.admit(TOKEN)).isInstanceOf(Accepted.class);
        tokens("ops " + BearerTokens.hash("other"));
        look(tokens);
        assertThat(ended).containsExactly("REVOKED token:ci");
        refused(tokens.admit(TOKEN), ErrorCode.UNAUTHENTICATED);
        assertThat(tokens.admit("other")).isInstanceOf(Accepted.class);
    }

    @Test
    void a_file_that_is_being_written_takes_nobodys_access() throws IOException {
        String lines = "ci " + BearerTokens.hash(TOKEN) + "\nops " + BearerTokens.hash("other") + "\n";
        tokens(lines);
        BearerTokens tokens = BearerTokens.open(tokenFile, clock);
        List<String> ended = new ArrayList<>();
        tokens.listen((principal, code, text) -> ended.add(code + " " + principal.id()));
        tokens("");
        tokens.poll();
        tokens(lines.substring(0, lines.indexOf('\n') + 1));
        tokens.poll();
        tokens(lines);
        look(tokens);
        assertThat(ended).isEmpty();
        assertThat(tokens.admit("other")).isInstanceOf(Accepted.class);
    }

    @Test
    void a_line_that_is_changed_ends_its_links_and_not_its_access() throws IOException {
        tokens("ci " + BearerTokens.hash(TOKEN) + " dial=* until=2026-11-21T13:00:00Z");
        BearerTokens tokens = BearerTokens.open(tokenFile, clock);
        List<String> ended = new ArrayList<>();
        tokens.listen((principal, code, text) -> ended.add(code + " " + principal.id()));
        tokens("ci " + BearerTokens.hash(TOKEN) + " dial=web until=2027-11-21T13:00:00Z");
        look(tokens);
        assertThat(ended).containsExactly("LINK_LOST token:ci");
        assertThat(((Accepted) tokens.admit(TOKEN)).scope().mayDial("db")).isFalse();
    }

    @Test
    void refuses_who_shows_nothing() {
        Claim claim = new Claim(null, null, null, "", "edge7");
        Refused refused =
                refused(new CredentialAuthenticator(invites, null).authenticate(claim), ErrorCode.UNAUTHENTICATED);
        assertThat(refused.text()).contains("no credential", "culvert invite");
    }

    @Test
    void the_namespace_is_the_one_that_the_credential_names() throws IOException {
        String token = invites.make(grant(), "").token();
        CredentialAuthenticator authenticator = new CredentialAuthenticator(invites, null);
        assertThat(authenticator.authenticate(join(token, "shop"))).isInstanceOf(Accepted.class);
        assertThat(authenticator.authenticate(join(token, ""))).isInstanceOf(Accepted.class);
        Refused refused = refused(authenticator.authenticate(join(token, "office")), ErrorCode.DENIED);
        assertThat(refused.text()).contains("'office'", "'shop'", "--namespace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "AAAA", "not a token at all", "culvert://x:1/a/b"})
    void rubbish_in_place_of_a_token_is_refused_without_repeating_it(String rubbish) {
        refused(new CredentialAuthenticator(invites, null).authenticate(join(rubbish, "")), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void a_huge_token_is_refused_before_it_is_decoded() {
        Verdict verdict = new CredentialAuthenticator(invites, null).authenticate(join("A".repeat(60_000), ""));
        assertThat(refused(verdict, ErrorCode.UNAUTHENTICATED).text())
                .contains("too long")
                .hasSizeLessThan(300);
    }

    @Test
    void a_watcher_hears_of_a_revocation_by_another_process() throws Exception {
        String token = invites.make(grant(), "").token();
        CredentialAuthenticator authenticator = new CredentialAuthenticator(invites, null);
        authenticator.authenticate(join(token, ""));
        List<String> ended = new CopyOnWriteArrayList<>();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try (AutoCloseable watching = authenticator.watch(executor, (principal, code, text) -> ended.add(text))) {
            assertThat(watching).isNotNull();
            Invites command = Invites.open(directory, List.of(), clock, new SecureRandom());
            command.revoke(edge.principal().id());
            await().until(() -> !ended.isEmpty());
            assertThat(ended.get(0)).contains(edge.principal().id(), "revoked");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void insecure_lets_everybody_in_and_still_knows_keys() {
        Accepted anonymous = (Accepted) new InsecureAuthenticator().authenticate(new Claim(null, null, null, "", "x"));
        assertThat(anonymous.principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(anonymous.scope().namespace()).isEqualTo("default");
        Accepted keyed = (Accepted) new InsecureAuthenticator().authenticate(join("ignored", "shop"));
        assertThat(keyed.principal()).isEqualTo(edge.principal());
        refused(new InsecureAuthenticator().authenticate(join("ignored", "No Such")), ErrorCode.DENIED);
    }

    private CredentialAuthenticator withTokens() throws IOException {
        return new CredentialAuthenticator(invites, BearerTokens.open(tokenFile, clock));
    }

    /** A change counts once it has been the same at two looks. */
    private static void look(BearerTokens tokens) {
        tokens.poll();
        tokens.poll();
    }

    private void tokens(String text) throws IOException {
        Files.writeString(tokenFile, text);
    }

    private Claim join(@Nullable String token, String namespace) {
        return new Claim(edge.publicKey(), token, null, namespace, "edge7");
    }

    private static Claim bearer(String token, String namespace) {
        return new Claim(null, null, token, namespace, "edge7");
    }

    private static Grant grant() {
        return new Grant(SCOPE, MutableClock.START.plus(Duration.ofHours(1)).toEpochMilli(), Long.MAX_VALUE, 1);
    }

    private static Refused refused(Verdict verdict, ErrorCode code) {
        assertThat(verdict).isInstanceOf(Refused.class);
        assertThat(((Refused) verdict).code()).isEqualTo(code);
        assertThat(((Refused) verdict).text()).contains("expected").doesNotContain("\n");
        return (Refused) verdict;
    }
}
