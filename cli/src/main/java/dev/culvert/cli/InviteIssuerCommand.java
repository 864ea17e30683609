package dev.culvert.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert invite issuer}: the public keys by which relays take each other's join strings. Main thread. */
@Command(
        name = "issuer",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Print the public keys of this relay, for relays that take each other's join strings. No secrets.")
final class InviteIssuerCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    InviteIssuerCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        RelayState relay = RelayState.open(surroundings, List.of());
        String issuer = PublicKeys.text(relay.invites().issuerKey());
        String identity = PublicKeys.text(relay.identity().publicKey());
        String words = " On another relay, to take join strings made here:   culvert relay --issuer " + issuer
                + "\n There, to make join strings that lead here too:      culvert invite --relay HOST:PORT="
                + identity;
        screen.say(Event.of("keys", words).with("issuer", issuer).with("identity", identity));
        return ExitCode.OK.number();
    }
}
