package dev.culvert.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Threads of callers: virtual ones on Java 21 and later, before that the platform's. <em>Stateless.</em> */
final class CallerThreads {
    private CallerThreads() {}

    static void start(Runnable task) {
        if (!startVirtual(task)) {
            new Thread(task, "caller").start();
        }
    }

    private static boolean startVirtual(Runnable task) {
        try {
            @Nullable
            Object thread = MethodHandles.publicLookup()
                    .findStatic(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class))
                    .invoke(task);
            return thread != null;
        } catch (NoSuchMethodException e) {
            return false;
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads are there and cannot be used", e);
        }
    }
}
