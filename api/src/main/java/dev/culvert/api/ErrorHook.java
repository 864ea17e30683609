package dev.culvert.api;

/** Is told of failures that no caller waits for. On the thread of what failed, never an event loop; what it throws is logged. */
@FunctionalInterface
public interface ErrorHook {
    ErrorHook NONE = (stream, cause) -> {};

    /**
     * The handler of a service threw. Its stream has been reset; no other is touched.
     *
     * @param stream that it served
     * @param cause what it threw, {@link Error}s too
     */
    void onHandlerFailed(Stream stream, Throwable cause);

    /**
     * The handler of a call threw something other than {@link CallException}. The caller was told INTERNAL.
     *
     * @param cause what it threw, {@link Error}s too
     */
    default void onCallFailed(CallRequest request, Throwable cause) {}
}
