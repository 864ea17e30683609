package dev.culvert.cli;

import dev.culvert.policy.JoinString;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, and what becomes of their errors: one line on standard error and an exit code. Main thread. */
final class CommandTree {
    private static final int HELP_WIDTH = 100;

    private final Surroundings surroundings;

    CommandTree(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** {@code culvert} by itself. */
    @Command(
            name = "culvert",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = {"Reach services on machines that cannot be dialled.", ""},
            footer = {
                "",
                "Start with:  culvert demo",
                "Then:        culvert relay, and what it prints",
                "",
                "Exit codes: 0 ok, 2 usage, 3 target, 4 denied, 5 unknown name, 6 no route (a retry helps).",
                "State is kept in $CULVERT_HOME, else $XDG_STATE_HOME/culvert, else ~/.culvert."
            })
    static final class Root implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            spec.commandLine().usage(spec.commandLine().getErr());
            return ExitCode.USAGE.number();
        }
    }

    /** Runs one command. */
    int run(String... args) {
        CommandLine root = tree();
        int exitCode = root.execute(args);
        surroundings.out().flush();
        return exitCode;
    }

    private CommandLine tree() {
        CommandLine root = new CommandLine(new Root())
                .addSubcommand(new DemoCommand(surroundings))
                .addSubcommand(new RelayCommand(surroundings))
                .addSubcommand(invite())
                .addSubcommand(new ExposeCommand(surroundings))
                .addSubcommand(new ForwardCommand(surroundings))
                .addSubcommand(new ProxyCommand(surroundings))
                .addSubcommand(new DialCommand(surroundings))
                .addSubcommand(new AgentCommand(surroundings))
                .addSubcommand(new RegisterCommand(surroundings))
                .addSubcommand(new UnregisterCommand(surroundings))
                .addSubcommand(new ServicesCommand(surroundings))
                .addSubcommand(new RoutesCommand(surroundings))
                .addSubcommand(new StatusCommand(surroundings));
        CommandLine help = new CommandLine(new CommandLine.HelpCommand());
        help.getCommandSpec().usageMessage().hidden(true); // it works, and --help is what is shown
        root.addSubcommand(help);
        root.addSubcommand("warm-up", new WarmUpCommand(surroundings));
        root.setUsageHelpWidth(HELP_WIDTH);
        root.setOut(writer(surroundings.out()));
        root.setErr(writer(surroundings.err()));
        root.setParameterExceptionHandler((failure, args) -> misused(failure, List.of(args)));
        root.setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, parsed.expandedArgs()));
        return root;
    }

    private CommandLine invite() {
        return new CommandLine(new InviteCommand(surroundings))
                .addSubcommand(new InviteListCommand(surroundings))
                .addSubcommand(new InviteRevokeCommand(surroundings))
                .addSubcommand(new InviteIssuerCommand(surroundings));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private int misused(ParameterException failure, List<String> args) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        String message = message(failure).replace('\n', ' ');
        report(Failure.usage(message + suggestion(failure) + "; see: " + command + " --help"), args);
        return ExitCode.USAGE.number();
    }

    private static String message(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            CommandSpec command = failure.getCommandLine().getCommandSpec();
            String what = unmatched.isUnknownOption()
                    ? "unknown option '"
                    : command.subcommands().isEmpty() ? "unexpected argument '" : "unknown command '";
            return what + unmatched.getUnmatched().get(0) + "'";
        }
        if (failure instanceof MissingParameterException missing
                && missing.getMissing().stream().allMatch(ArgSpec::isPositional)) {
            return missing.getMissing().get(0).paramLabel() + " is missing";
        }
        return String.valueOf(failure.getMessage());
    }

    private static String suggestion(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return " (did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?)";
        }
        return "";
    }

    private int failed(Exception failure, List<String> args) {
        if (failure instanceof Failure known) {
            report(known, args);
            return known.exitCode().number();
        }
        report(
                new Failure(
                        ExitCode.INTERNAL,
                        "a fault of culvert's own: " + failure + "; run again with -vv and report it"),
                args);
        if (args.contains("-v") || args.contains("-vv") || args.contains("--verbose")) {
            failure.printStackTrace(surroundings.err());
        }
        return ExitCode.INTERNAL.number();
    }

    private void report(Failure failure, List<String> args) {
        String message = JoinString.redact(failure.line());
        String line = args.contains("--json")
                ? Event.of("error", "")
                        .with("code", failure.reason())
                        .with("exitCode", failure.exitCode().number())
                        .with("message", message)
                        .json()
                : "culvert: " + message;
        surroundings.out().flush();
        surroundings.err().println(line);
        surroundings.err().flush();
    }
}
