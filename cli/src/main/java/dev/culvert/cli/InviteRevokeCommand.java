package dev.culvert.cli;

import dev.culvert.policy.FileFault;
import dev.culvert.policy.Principal;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code culvert invite revoke}: takes back a join string and all that joined by it, also from a running relay. Main thread. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Revoke an invite with every node that joined by it, or one node's key; their links end within a second.",
            "It holds at the relays of this state directory; say it at every other relay that takes these join strings."
        })
final class InviteRevokeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ID",
            description = "An invite's id or its beginning, or key:... as shown by 'culvert invite list --json'.")
    private String id = "";

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    InviteRevokeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        RelayState relay = RelayState.open(surroundings, List.of());
        try {
            Set<Principal> losers = relay.invites().revoke(id);
            List<String> principals =
                    losers.stream().map(Principal::id).sorted().toList();
            String text = " Revoked " + id + "; " + principals.size()
                    + (principals.size() == 1 ? " node loses" : " nodes lose") + " access at this relay";
            screen.say(Event.of("revoked", text).with("id", id).with("principals", principals));
            return ExitCode.OK.number();
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        } catch (IOException e) {
            throw Failure.usage("invites in " + relay.folder() + ": " + FileFault.text(e));
        }
    }
}
