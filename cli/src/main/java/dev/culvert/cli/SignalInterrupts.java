package dev.culvert.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * The signals of the operating system. Any thread. Reached by reflection, since the class that can catch a second Ctrl+C ({@code
 * sun.misc.Signal} of the module jdk.unsupported) has no supported successor; without it signals end the process at once.
 */
final class SignalInterrupts implements Interrupts {
    private static final String[] SIGNALS = {"INT", "TERM"};

    @Override
    public void onInterrupt(Runnable action) {
        for (String signal : SIGNALS) {
            handle(signal, action);
        }
    }

    private static void handle(String signal, Runnable action) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (proxy, method, args) -> answer(proxy, method.getName(), args, action);
            Object handler = Proxy.newProxyInstance(handlers.getClassLoader(), new Class<?>[] {handlers}, run);
            signals.getMethod("handle", signals, handlers)
                    .invoke(null, signals.getConstructor(String.class).newInstance(signal), handler);
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            return; // not on this JDK: the signal ends the process, which is what it did before
        } catch (InvocationTargetException e) {
            return; // the JVM was told to leave this signal alone (-Xrs)
        }
    }

    private static Object answer(Object proxy, String method, Object[] args, Runnable action) {
        return switch (method) {
            case "equals" -> proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "culvert's signal handler";
            default -> {
                action.run();
                yield method;
            }
        };
    }

    @Override
    public void halt(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }
}
