package dev.culvert.cli;

import dev.culvert.node.LinkConfig;
import dev.culvert.policy.FileFault;
import dev.culvert.policy.JoinString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where join strings come from: arguments, files, standard input, or {@code CULVERT_JOIN}. Owned by the main thread. */
final class JoinOptions {
    private static final int MAX_BYTES = 1 << 16;

    @Option(
            names = "--join",
            paramLabel = "JOIN",
            description =
                    "Join string, as printed by 'culvert relay' or 'culvert invite'; - reads standard input; once for"
                            + " each issuer of relays. Default: the variable CULVERT_JOIN.")
    List<String> join = new ArrayList<>();

    @Option(names = "--join-file", paramLabel = "FILE", description = "File that holds a join string.")
    List<Path> joinFile = new ArrayList<>();

    /** Those that the command line names; none if it names none, whatever the variable says. */
    List<LinkConfig> linksAsked(Surroundings surroundings) throws Failure {
        return join.isEmpty() && joinFile.isEmpty() ? List.of() : links(surroundings);
    }

    /** At least one. */
    List<LinkConfig> links(Surroundings surroundings) throws Failure {
        List<LinkConfig> links = new ArrayList<>();
        for (String text : texts(surroundings)) {
            links.add(parse(text));
        }
        if (links.isEmpty()) {
            throw Failure.usage("no join string: expected in --join, --join-file or the variable CULVERT_JOIN;"
                    + " make one at the relay with: culvert invite");
        }
        return links;
    }

    private List<String> texts(Surroundings surroundings) throws Failure {
        List<String> texts = new ArrayList<>();
        for (String text : join) {
            texts.add(text.equals("-") ? read(surroundings.in()) : text);
        }
        for (Path file : joinFile) {
            texts.add(read(file));
        }
        String variable = surroundings.variable("CULVERT_JOIN");
        if (texts.isEmpty() && !variable.isBlank()) {
            texts.addAll(List.of(variable.trim().split("\\s+", -1)));
        }
        return texts;
    }

    static LinkConfig parse(String text) throws Failure {
        try {
            return LinkConfig.of(JoinString.parse(unquoted(text.trim())));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(JoinString.redact(String.valueOf(e.getMessage())));
        }
    }

    /** Windows' cmd does not take the quotes away that were pasted with it. */
    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && "'\"".indexOf(text.charAt(0)) >= 0 && text.endsWith(text.substring(0, 1));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static String read(InputStream in) throws Failure {
        try {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.usage("--join -: standard input cannot be read (" + e.getMessage() + ")");
        }
    }

    static String read(Path file) throws Failure {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        } catch (IOException e) {
            throw Failure.usage("join file " + file + ": cannot be read (" + FileFault.text(e)
                    + "); expected: a file that holds one join string");
        }
    }
}
