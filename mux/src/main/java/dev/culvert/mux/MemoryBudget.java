package dev.culvert.mux;

/**
 * The process cap on bytes that peers may make us hold: the sum over sessions of session credit plus unread bytes. Any
 * thread.
 */
public final class MemoryBudget {
    /** @param capBytes the most that all sessions together may hold unread or have promised to take */
    public MemoryBudget(long capBytes, int maxSessions) {}
}
