package dev.culvert.cli;

import dev.culvert.policy.Grant;
import dev.culvert.policy.Invite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert invite list}: which join strings there are, and who joined by them. Main thread. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "List the invites of the relay of this state directory, and the nodes that joined by them.")
final class InviteListCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    InviteListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        List<Invite> invites =
                RelayState.open(surroundings, List.of()).invites().list();
        long now = surroundings.clock().millis();
        if (common.json) {
            invites.forEach(invite -> screen.say(event(invite, now)));
        } else if (invites.isEmpty()) {
            screen.say(Event.of("none", " No invites; make one with: culvert invite"));
        } else {
            screen.say(Event.of("invites", table(invites, now)));
        }
        return ExitCode.OK.number();
    }

    private static Event event(Invite invite, long now) {
        List<String> keys = invite.keys().stream().map(Invite.Key::principal).toList();
        List<String> nodes = invite.keys().stream().map(Invite.Key::node).toList();
        return Event.of("invite", "")
                .with("id", invite.id())
                .with("state", invite.state(now))
                .with("scope", invite.grant().scope().toString())
                .with("uses", invite.keys().size())
                .with("maxUses", invite.grant().maxUses())
                .with("joinByMillis", invite.grant().joinByMillis())
                .with("accessEndsMillis", invite.grant().accessEndsMillis())
                .with("note", invite.note())
                .with("nodes", nodes)
                .with("principals", keys);
    }

    private static String table(List<Invite> invites, long now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "STATE", "USES", "JOIN WITHIN", "SCOPE", "NODES", "NOTE"));
        for (Invite invite : invites) {
            Grant grant = invite.grant();
            rows.add(List.of(
                    invite.id(),
                    invite.state(now),
                    invite.keys().size() + " of " + grant.maxUses(),
                    now > grant.joinByMillis() ? "over" : Units.time(Duration.ofMillis(grant.joinByMillis() - now)),
                    grant.scope().toString(),
                    String.join(
                            " ", invite.keys().stream().map(Invite.Key::node).toList()),
                    invite.note()));
        }
        return Table.of(rows);
    }
}
