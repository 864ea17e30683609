package dev.culvert.cli;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.Grant;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert invite}: makes a join string at a relay. Main thread. */
@Command(
        name = "invite",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Make a join string, which lets a machine offer and dial services through the relay of this state directory.",
            "Without --register and --dial it permits both for every name."
        },
        footer = {
            "",
            "Examples:",
            "  culvert invite --register web --uses 5",
            "  culvert invite --dial 'api-*' --expires 1h --grant 8h",
            "  culvert invite --router",
            "  culvert invite list",
            "  culvert invite revoke 3f0c"
        })
final class InviteCommand implements Callable<Integer> {
    @Option(
            names = "--register",
            split = ",",
            paramLabel = "NAMES",
            description = "Names it may offer; * stands for anything.")
    private List<String> register = new ArrayList<>();

    @Option(
            names = "--dial",
            split = ",",
            paramLabel = "NAMES",
            description = "Names it may dial; * stands for anything.")
    private List<String> dial = new ArrayList<>();

    @Option(
            names = "--public-ports",
            paramLabel = "RANGE",
            defaultValue = "none",
            converter = PortRanges.class,
            description = "TCP ports that it may ask for at the relay, as 20000-20100. Default: ${DEFAULT-VALUE}.")
    private PortRange publicPorts = PortRange.NONE;

    @Option(
            names = "--router",
            description = {
                "For another relay, which may then link as one: --register is what may be reached through it, --dial what",
                "it may reach here (culvert relay --join)."
            })
    private boolean router;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            defaultValue = Scope.DEFAULT_NAMESPACE,
            description = "Scope of the names. Default: ${DEFAULT-VALUE}.")
    private String namespace = "";

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How long machines may join by it; those that did stay. Default: ${DEFAULT-VALUE}.")
    private String expires = "";

    @Option(
            names = "--grant",
            paramLabel = "TIME",
            description = "How long machines that joined by it may stay, at every relay. Default: until it is revoked.")
    private String access = "";

    @Option(
            names = "--uses",
            paramLabel = "COUNT",
            defaultValue = "1",
            description = {
                "How many machines may join by it, at each relay that has a state directory of its own. Default:",
                "${DEFAULT-VALUE}."
            })
    private int uses;

    @Option(names = "--note", paramLabel = "TEXT", description = "What it is for, shown by 'culvert invite list'.")
    private String note = "";

    @Option(
            names = "--public-address",
            paramLabel = "HOST:PORT",
            description = {
                "Where machines reach the relay; may be repeated. Default: what the relay said at its last start.",
                "wss://HOST:PORT where only HTTPS gets through, tcp://HOST:PORT for links in clear."
            })
    private List<String> publicAddress = new ArrayList<>();

    @Option(
            names = "--relay",
            paramLabel = "HOST:PORT=KEY",
            description =
                    "Another relay that takes join strings of this issuer, with the key that 'culvert invite issuer' prints"
                            + " there; may be repeated.")
    private List<String> otherRelays = new ArrayList<>();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    InviteCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        Grant grant = grant();
        RelayState relay = RelayState.open(surroundings, List.of());
        InviteMaker.Made made = new InviteMaker(relay, addresses(relay), others()).make(grant, note);
        Event event = Event.of("invite", made.text())
                .with("id", made.id())
                .with("join", made.text())
                .with("scope", grant.scope().toString())
                .with("uses", grant.maxUses());
        screen.say(event);
        return ExitCode.OK.number();
    }

    private List<JoinString.Relay> others() throws Failure {
        List<JoinString.Relay> others = new ArrayList<>();
        for (String text : otherRelays) {
            others.add(InviteMaker.other(text));
        }
        return others;
    }

    private Grant grant() throws Failure {
        long now = surroundings.clock().millis();
        try {
            long joinBy = now + Units.duration(expires).toMillis();
            long accessEnds = access.isEmpty()
                    ? Long.MAX_VALUE
                    : now + Units.duration(access).toMillis();
            return new Grant(scope(), joinBy, accessEnds, uses);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    private Scope scope() {
        boolean everything = register.isEmpty() && dial.isEmpty();
        NamePatterns mayRegister = everything ? NamePatterns.ALL : new NamePatterns(register);
        NamePatterns mayDial = everything ? NamePatterns.ALL : new NamePatterns(dial);
        return new Scope(namespace, mayRegister, mayDial, publicPorts, router);
    }

    private List<String> addresses(RelayState relay) throws Failure {
        List<String> addresses = new ArrayList<>();
        for (String text : publicAddress) {
            addresses.add(InviteMaker.address(text).toString());
        }
        if (addresses.isEmpty()) {
            addresses.addAll(relay.addresses());
        }
        if (addresses.isEmpty()) {
            throw Failure.usage("--public-address: not given, and no relay has started with this state directory yet"
                    + " (expected: HOST:PORT, where machines reach the relay); start the relay first: culvert relay,"
                    + " or say it: culvert invite --public-address HOST:" + Endpoint.DEFAULT_PORT);
        }
        return addresses;
    }
}
