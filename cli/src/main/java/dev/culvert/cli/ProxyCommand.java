package dev.culvert.cli;

import dev.culvert.node.Target;
import dev.culvert.node.proxy.Proxy;
import dev.culvert.node.proxy.ProxyOptions;
import dev.culvert.node.proxy.ProxyUsers;
import dev.culvert.policy.NamePatterns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert proxy}: one local port for programs that know proxies. Main thread. */
@Command(
        name = "proxy",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Open one local port that speaks SOCKS5 and HTTP and leads to services by name.",
            "HTTP: by CONNECT, and by requests with http://NAME/... Other hosts are refused, unless --direct permits"
                    + " them."
        },
        footer = {
            "",
            "Examples:",
            "  culvert proxy --join 'culvert://...'",
            "  curl -x socks5h://127.0.0.1:1080 http://edge7.web/",
            "  curl -x http://127.0.0.1:1080 http://edge7.web/",
            "  ssh -o 'ProxyCommand=nc -X 5 -x 127.0.0.1:1080 %%h %%p' edge7.ssh",
            "",
            "A host is a service (web) or a service at a node (edge7.web), whatever its port. If nobody offers",
            "a service of that name, it is the virtual port at the node of that name."
        })
final class ProxyCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "PORT",
            defaultValue = "1080",
            description = "1080 (on loopback), host:1080, [::1]:1080 or unix:/path. Default: ${DEFAULT-VALUE}.")
    private String port = "";

    @Option(
            names = "--direct",
            paramLabel = "PATTERN",
            description =
                    "Hosts that this machine connects to itself, outside Culvert, as *.example.com; may be repeated.")
    private List<String> direct = new ArrayList<>();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Ask for a name and a password: lines of the form name:password.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--insecure",
            description = "Permit to listen where other machines can reach it, without passwords.")
    private boolean insecure;

    @Mixin
    private LinkedNodeOptions linked = new LinkedNodeOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    ProxyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        ProxyOptions options = options();
        Target listen = listen(options);
        new Foreground(surroundings, screen, Foreground.GRACE)
                .run(linked.node(surroundings), new Shown(screen, listen, options));
        return ExitCode.OK.number();
    }

    private ProxyOptions options() throws Failure {
        try {
            ProxyUsers users = passwordFile == null
                    ? ProxyUsers.ANYBODY
                    : ProxyUsers.parse(Files.readAllLines(passwordFile, StandardCharsets.UTF_8));
            return ProxyOptions.DEFAULT.withDirect(new NamePatterns(direct)).withUsers(users);
        } catch (IOException e) {
            throw Failure.usage("--password-file " + passwordFile + ": cannot be read ("
                    + e.getClass().getSimpleName() + "); expected: a file of lines name:password");
        } catch (IllegalArgumentException e) {
            throw Failure.usage(
                    (passwordFile == null ? "" : "--password-file " + passwordFile + ": ") + e.getMessage());
        }
    }

    private Target listen(ProxyOptions options) throws Failure {
        try {
            Target listen = Target.parse(port);
            if (!insecure
                    && !options.users().areAsked()
                    && listen instanceof Target.Tcp tcp
                    && !Services.isLoopback(tcp.host())) {
                throw Failure.usage("listening on " + tcp + ": would let everyone who reaches it in, without"
                        + " authentication; use " + tcp.port() + " for loopback only, or --password-file, or say"
                        + " --insecure");
            }
            return listen;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    /** What the command says. */
    private record Shown(Screen screen, Target listen, ProxyOptions options) implements Foreground.Announcements {
        @Override
        public void started(RunningNode running) throws Failure {
            try {
                String where = Addresses.text(running.enter(listen, new Proxy(options)));
                screen.say(Event.of(
                                "listening",
                                "   " + screen.ok() + " proxy " + where + "   curl -x socks5h://" + where
                                        + " http://NAME/   curl -x http://" + where + " http://NAME/")
                        .with("listen", where));
            } catch (IOException e) {
                throw Failure.usage(e);
            }
        }

        @Override
        public Event ready(RunningNode running) {
            return Event.of("ready", " " + screen.strong("READY") + "      Ctrl+C drains, then exits")
                    .with("node", running.node().name());
        }
    }
}
