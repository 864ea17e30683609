package dev.culvert.it;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Chromium without a screen. As an extension it lets its tests run only where there is one. */
final class Browser implements ExecutionCondition {
    /** Nothing of it is isolated from us, and it talks to nobody but the lab; certificates are other tests' business. */
    private static final String FLAGS = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run"
            + " --disable-background-networking --ignore-certificate-errors --user-data-dir=$HOME/browser";

    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");

    /** Shell text that prints the document behind {@code url} as it is when it has loaded; names of the lab are at {@code address}. */
    static String dump(String url, String address) {
        return "%s %s --host-resolver-rules='MAP *.lab %s' --timeout=40000 --dump-dom '%s'"
                .formatted(program(), FLAGS, address, url);
    }

    /** Empty: none is installed. */
    private static String program() {
        Shell.Result found = Shell.run(List.of("sh", "-c", "command -v " + String.join(" || command -v ", NAMES)));
        return found.out().strip();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return program().isEmpty()
                ? Requirement.unmet("no Chromium is installed (expected: the package chromium-headless-shell)")
                : ConditionEvaluationResult.enabled("there is a Chromium");
    }
}
