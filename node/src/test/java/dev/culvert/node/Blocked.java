package dev.culvert.node;

import static org.awaitility.Awaitility.await;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls that block, each on a thread of its own. Any thread. */
final class Blocked {
    <T> Call<T> begin(Callable<T> task) {
        Call<T> call = new Call<>(task);
        Thread thread = new Thread(call, "blocked");
        thread.setDaemon(true);
        call.thread = thread;
        thread.start();
        return call;
    }

    /** Only where {@link #hasVirtualThreads()}. */
    <T> Call<T> beginVirtual(Callable<T> task) throws Exception {
        Call<T> call = new Call<>(task);
        try {
            call.thread = (Thread) MethodHandles.publicLookup()
                    .findStatic(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class))
                    .invoke((Runnable) call);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return call;
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    /** One call. */
    static final class Call<T> implements Runnable {
        private final Callable<T> task;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private volatile Thread thread;

        Call(Callable<T> task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }

        /** Until the thread stands still inside a call of ours or of the JDK: a JDK socket waits in native code and looks busy. */
        void awaitBlocked() {
            await().atMost(Net.PATIENCE).until(() -> {
                StackTraceElement[] first = thread.getStackTrace();
                Thread.State state = thread.getState();
                boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
                boolean inNative = first.length > 0 && first[0].isNativeMethod();
                return first.length > 0 && (waits || inNative);
            });
        }

        void interrupt() {
            thread.interrupt();
        }

        T result() throws ExecutionException, InterruptedException, TimeoutException {
            return result.get(Net.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        Throwable failure() throws InterruptedException, TimeoutException {
            try {
                throw new AssertionError("a result and no failure: " + result());
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }
}
