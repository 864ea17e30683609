package dev.culvert.it;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides for {@link Namespaces} whether a class can run here. Looks once per test run. */
final class NamespacesPermitted implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String obstacle = Once.OBSTACLE;
        if (obstacle.isEmpty()) {
            return ConditionEvaluationResult.enabled("network namespaces are permitted");
        }
        return Requirement.unmet(obstacle);
    }

    private static final class Once {
        static final String OBSTACLE = NetNs.obstacle();
    }
}
