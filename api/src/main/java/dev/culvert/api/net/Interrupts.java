package dev.culvert.api.net;

import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets interrupts do to a blocked socket what they do to the JDK's: a platform thread waits on and keeps its status; the call of a virtual
 * thread ends, upon which {@code java.net} closes the socket. One for each call; owned by its thread.
 */
final class Interrupts {
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

    private boolean seen;

    /** A wait was interrupted, and the thread's status says so: returns if it shall begin again. */
    void interrupted(InterruptedIOException failure) throws InterruptedIOException {
        if (failure instanceof SocketTimeoutException || inVirtualThread()) {
            throw failure;
        }
        seen |= Thread.interrupted();
    }

    /** At the end of the call. */
    void restore() {
        if (seen) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean inVirtualThread() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new IllegalStateException("Thread.isVirtual is there and cannot be called", e);
        }
    }

    private static @Nullable MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException beforeJava21) {
            return null;
        }
    }
}
