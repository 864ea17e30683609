package dev.culvert.node;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads for the code of embedders: a virtual one for each task on Java 21 and later, a bounded pool before. <em>Stateless.</em> The only
 * place that knows the difference.
 */
final class Threads {
    /** Platform threads at most; a task beyond is rejected. */
    static final int MAX_PLATFORM = 512;

    private static final int MAX_HOOKS = 8;

    private Threads() {}

    /** Rejects what it cannot begin at once. */
    static ExecutorService handlers(String name) {
        ExecutorService virtual = virtual();
        return virtual == null ? platform(name, MAX_PLATFORM) : virtual;
    }

    /** Rejects nothing; without virtual threads, tasks wait for one of a few. Need not be closed. */
    static Executor hooks(String name) {
        ExecutorService virtual = virtual();
        if (virtual != null) {
            return virtual;
        }
        ThreadPoolExecutor few = new ThreadPoolExecutor(
                MAX_HOOKS, MAX_HOOKS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
        few.allowCoreThreadTimeOut(true);
        return few;
    }

    /** Null before Java 21. */
    private static @Nullable ExecutorService virtual() {
        try {
            MethodHandle virtual = MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
            return (ExecutorService) virtual.invokeExact();
        } catch (NoSuchMethodException e) {
            return null;
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads are there and cannot be used", e);
        }
    }

    /** A bounded pool of platform threads for short tasks that block. */
    static ExecutorService platform(String name, int max) {
        return new ThreadPoolExecutor(0, max, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons(name));
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger numbers = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + numbers.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
