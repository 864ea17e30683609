package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.PublicTerms;
import dev.culvert.gateway.Access;
import dev.culvert.node.Publication;
import dev.culvert.node.Visibility;
import dev.culvert.policy.CredentialAuthenticator;
import dev.culvert.policy.Grant;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpAccessTest {
    private static final PublicTerms HOME = new PublicTerms(true, List.of("10.0.0.0/8"), List.of("alice:hash"), false);
    private static final PublicTerms OFFICE = new PublicTerms(true, List.of("192.0.2.0/24"), List.of(), false);

    @TempDir
    Path home;

    private RelayState relay;
    private HttpAccess access;

    @BeforeEach
    void open() throws Failure {
        relay = RelayState.open(new Cli(home).surroundings(), List.of());
        Map<String, Visibility> names = Map.of(
                "open",
                Visibility.PUBLIC,
                "shut",
                Visibility.PUBLIC,
                "web",
                Visibility.PRIVATE,
                "gone",
                Visibility.AWAY);
        access = new HttpAccess(
                NamePatterns.parse("open,web"),
                address -> publication(names.getOrDefault(address.service(), Visibility.UNKNOWN)),
                new CredentialAuthenticator(relay.invites(), null),
                List.of(new HttpAccess.Rule(NamePatterns.parse("web"), OFFICE)));
    }

    private static Publication publication(Visibility visibility) {
        return new Publication(visibility, visibility == Visibility.PUBLIC ? List.of(HOME) : List.of());
    }

    private Access.Verdict judge(String name, String credential) {
        return access.judge(Address.parse(name), credential);
    }

    private String join(String dial) throws Failure {
        return join("shop", dial);
    }

    private String join(String namespace, String dial) throws Failure {
        Scope scope = new Scope(namespace, NamePatterns.NONE, NamePatterns.parse(dial), PortRange.NONE, false);
        Grant grant = new Grant(scope, Cli.NOW.toEpochMilli() + 1000, Long.MAX_VALUE, 1);
        return new InviteMaker(relay, List.of("relay.example:7443"))
                .make(grant, "")
                .text();
    }

    @Test
    void anyone_may_call_what_its_agent_and_the_relay_let_be_public_and_nothing_else() {
        assertThat(judge("open", null)).isEqualTo(new Access.Admitted(Address.parse("open"), "", List.of(HOME)));
        assertThat(judge("shut", null)).isInstanceOfSatisfying(Access.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(refused.text()).contains("--http-public open,web");
        });
        Map.of("web", ErrorCode.UNAUTHENTICATED, "gone", ErrorCode.NO_ROUTE, "none", ErrorCode.UNKNOWN_SERVICE)
                .forEach((name, code) -> assertThat(judge(name, null))
                        .isInstanceOfSatisfying(
                                Access.Refused.class,
                                refused -> assertThat(refused.code()).isEqualTo(code)));
    }

    @Test
    void a_join_string_opens_what_its_scope_lets_it_dial_in_its_namespace() throws Failure {
        String join = join("web,:80");
        assertThat(judge("edge7.web", join)).isInstanceOfSatisfying(Access.Admitted.class, admitted -> {
            assertThat(admitted.address()).isEqualTo(Address.parse("edge7.web@shop"));
            assertThat(admitted.caller()).startsWith("invite:");
            assertThat(admitted.terms()).as("of the relay").containsExactly(OFFICE);
        });
        assertThat(judge(":80", join)).isInstanceOf(Access.Admitted.class);
        for (String name : new String[] {"api", "web@other", ":81"}) {
            assertThat(judge(name, join)).isInstanceOfSatisfying(Access.Refused.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.DENIED);
                assertThat(refused.next()).contains("culvert invite --dial");
            });
        }
    }

    @Test
    void a_service_has_one_name_whoever_calls_it_and_however_it_is_written() throws Failure {
        for (String name : new String[] {"open", "open@default"}) {
            for (String credential : new String[] {null, join("default", "open")}) {
                assertThat(judge(name, credential))
                        .isInstanceOfSatisfying(
                                Access.Admitted.class,
                                admitted -> assertThat(admitted.address()).isEqualTo(Address.parse("open")));
            }
        }
    }

    @Test
    void a_credential_stands_in_for_a_password_and_not_for_an_address() throws Failure {
        assertThat(judge("open", join("open")))
                .isInstanceOfSatisfying(
                        Access.Admitted.class,
                        admitted -> assertThat(admitted.terms())
                                .containsExactly(new PublicTerms(true, HOME.networks(), List.of(), false)));
    }

    @Test
    void a_credential_that_is_none_opens_nothing_not_even_what_is_public() {
        assertThat(judge("open", "nonsense"))
                .isInstanceOfSatisfying(
                        Access.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
    }

    @Test
    void a_client_of_backstream_has_a_name_that_its_credential_may_register_in_the_relays_namespace() throws Failure {
        HttpNames names = new HttpNames(new CredentialAuthenticator(relay.invites(), null));
        assertThat(names.mayRegister("4711", null)).isInstanceOfSatisfying(Access.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(refused.next()).contains("?credential=").contains("--register 4711");
        });
        String join = registering("default", "47*");
        assertThat(names.mayRegister("4711", join))
                .isInstanceOfSatisfying(
                        Access.Admitted.class,
                        admitted -> assertThat(admitted.caller()).startsWith("invite:"));
        for (String[] no : new String[][] {{"4811", join}, {"4711", registering("shop", "47*")}}) {
            assertThat(names.mayRegister(no[0], no[1]))
                    .isInstanceOfSatisfying(
                            Access.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DENIED));
        }
        assertThat(names.mayRegister("4711", "nonsense"))
                .isInstanceOfSatisfying(
                        Access.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
    }

    private String registering(String namespace, String names) throws Failure {
        Scope scope = new Scope(namespace, NamePatterns.parse(names), NamePatterns.NONE, PortRange.NONE, false);
        Grant grant = new Grant(scope, Cli.NOW.toEpochMilli() + 1000, Long.MAX_VALUE, 1);
        return new InviteMaker(relay, List.of("relay.example:7443"))
                .make(grant, "")
                .text();
    }
}
