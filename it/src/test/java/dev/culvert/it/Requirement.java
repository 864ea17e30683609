package dev.culvert.it;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** What happens to a test whose machine lacks something: skipped with the reason, or failed where CI is set. */
final class Requirement {
    private Requirement() {}

    static ConditionEvaluationResult unmet(String reason) {
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            throw new ExtensionConfigurationException(reason + " (CI is set, so no test may be skipped)");
        }
        System.out.println("[skipped] " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }
}
