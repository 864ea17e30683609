package dev.culvert.api;

/** Answers the calls of one service: one call each on a thread of its own, several at once. */
@FunctionalInterface
public interface CallHandler {
    /** Bytes of a request that is taken, where {@link #maxRequestBytes()} says nothing else. */
    int MAX_REQUEST_BYTES = 4 << 20;

    /**
     * Answers one call. Its thread is interrupted when nobody waits for the answer any more. What is returned for a notification is
     * thrown away.
     *
     * @throws CallException tells the caller this code and text
     * @throws Exception tells the caller INTERNAL and nothing of the reason, and goes to {@link ErrorHook#onCallFailed}
     */
    byte[] handle(CallRequest request) throws Exception;

    /** Bytes of a request that is taken; the caller of a longer one is told TOO_LARGE. */
    default int maxRequestBytes() {
        return MAX_REQUEST_BYTES;
    }
}
