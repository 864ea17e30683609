package dev.culvert.cli;

import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert invite issuer}: the public key by which another relay can take this one's join strings. Main thread. */
@Command(
        name = "issuer",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Print the public key of this issuer, for 'culvert relay --issuer KEY' on another relay. No secret.")
final class InviteIssuerCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    InviteIssuerCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        byte[] key = RelayState.open(surroundings, List.of()).invites().issuerKey();
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
        Screen.of(surroundings, common.json).say(Event.of("issuer", text).with("key", text));
        return ExitCode.OK.number();
    }
}
