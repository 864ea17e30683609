package dev.culvert.cli;

import com.fasterxml.jackson.annotation.Nulls;
import dev.culvert.policy.FileFault;
import dev.culvert.policy.JoinString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a YAML file into {@link AgentConfig}; an unknown key is an error that names the nearest valid one. <em>Stateless.</em> */
final class ConfigFile {
    private ConfigFile() {}

    static AgentConfig read(Path file) throws Failure {
        String text = text(file);
        if (text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
            return AgentConfig.EMPTY;
        }
        try {
            return mapper().readValue(text, AgentConfig.class);
        } catch (UnrecognizedPropertyException e) {
            throw Failure.usage("config " + file + lineOf(e.getPropertyName(), text) + ": " + unknownKey(e));
        } catch (JacksonException e) {
            String message = JoinString.redact(firstLine(e.getOriginalMessage()));
            throw Failure.usage("config " + file + line(e) + ": " + message + "; see docs/operations.md for all keys");
        }
    }

    private static String text(Path file) throws Failure {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.usage(
                    "config " + FileFault.text(e) + "; expected: a file in YAML, see: culvert agent --help");
        }
    }

    private static YAMLMapper mapper() {
        return YAMLMapper.builder(YAMLFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .build())
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .changeDefaultNullHandling(
                        nulls -> nulls.withValueNulls(Nulls.SKIP).withContentNulls(Nulls.FAIL))
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                .build();
    }

    private static String line(JacksonException failure) {
        TokenStreamLocation location = failure.getLocation();
        return location == null || location.getLineNr() < 1 ? "" : " line " + location.getLineNr();
    }

    /** Jackson does not say where an unknown key stands, if it belongs to a record. */
    private static String lineOf(String key, String text) {
        Pattern asKey = Pattern.compile("(^|[\\s{,'\"])" + Pattern.quote(key) + "['\"]?\\s*:");
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (asKey.matcher(line).find()) {
                return " line " + number;
            }
        }
        return "";
    }

    private static String unknownKey(UnrecognizedPropertyException failure) {
        String key = failure.getPropertyName();
        Collection<Object> known = failure.getKnownPropertyIds();
        if (known == null || known.isEmpty()) {
            return "unknown key '" + key + "'";
        }
        TreeSet<String> names = known.stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
        return "unknown key '" + key + "': expected one of " + String.join(", ", names) + "; did you mean '"
                + nearest(key, names) + "'?";
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "not understood" : text.lines().findFirst().orElse("not understood");
    }

    /** The name with the fewest changed, added or missing letters. */
    static String nearest(String word, Collection<String> names) {
        return names.stream()
                .min((a, b) -> Integer.compare(distance(word, a), distance(word, b)))
                .orElse(word);
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
