package dev.culvert.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test that has a parameter of type {@link TestNetwork} a network of its own, with one relay called {@code relay1}, and closes it
 * after the test. For JUnit 5 and 6: {@code @ExtendWith(CulvertExtension.class)}. Methods annotated with {@code @BeforeEach} get the same
 * network as their test.
 */
public final class CulvertExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(CulvertExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestNetwork.class
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        TestNetwork network = store.get(context.getUniqueId(), TestNetwork.class);
        if (network == null) {
            network = TestNetwork.withRelay();
            store.put(context.getUniqueId(), network);
        }
        return network;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestNetwork network = context.getStore(NAMESPACE).remove(context.getUniqueId(), TestNetwork.class);
        if (network != null) {
            network.close();
        }
    }
}
