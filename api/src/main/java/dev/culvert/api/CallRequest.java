package dev.culvert.api;

import java.util.Map;

/** What somebody calls for. Any thread. */
public interface CallRequest {
    /** The name that was called. */
    Address address();

    /** The caller, as the last relay proved it. */
    String principal();

    /** What the caller sent along. */
    Map<String, String> headers();

    /** The request; not a copy. */
    byte[] body();

    /** Whether the caller wants no answer. */
    boolean isNotification();

    /** Whether nobody waits for the answer any more: the caller has cancelled, its time is over, or the link is lost. */
    boolean isCancelled();

    /**
     * Runs {@code task} when the call is cancelled before it was answered; at once if it is already. On a thread that may block, not the
     * handler's.
     */
    void onCancel(Runnable task);
}
